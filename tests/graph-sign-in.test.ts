import { createHash, verify, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { graphHosts } from '../src/graph/clouds.ts';
import { createGraph, type Graph, type GraphConnection } from '../src/graph/create-graph.ts';
import type { GraphCredential } from '../src/graph/sign-in/credential.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { Secret } from '../src/kernel/secret.ts';
import { makeSelfSignedCertificate } from './setup/self-signed-certificate.ts';
import {
  connectionTo,
  firstTenant,
  type SimulatedTenant,
  type SimulatorProcess,
  startSimulatorProcess,
} from './setup/simulator.ts';

const NEVER = new AbortController().signal;

let simulator: SimulatorProcess;
let graph: Graph;
let acme: SimulatedTenant;

beforeAll(async () => {
  simulator = await startSimulatorProcess();
  acme = firstTenant(simulator);
});

afterEach(async () => {
  await graph.close();
  await simulator.clearFaults();
  await simulator.clearLog();
});

afterAll(() => simulator.close());

test('the credential is opened when a token is needed, and one token serves all', async () => {
  let opened = 0;
  const connection = connectionTo(acme, {
    openCredential: async () => {
      opened += 1;
      return new Secret({ kind: 'secret', secret: acme.clientSecret });
    },
  });
  openGraph();
  const readers = [graph.readerFor(connection), graph.readerFor(connection)];
  expect(opened).toBe(0);
  await Promise.all(readers.map((reader) => reader.probe('assignmentFilter', NEVER)));
  expect(opened).toBe(1);
  expect((await simulator.stats(acme.id)).tokens).toBe(1);
});

test('a token that Graph refuses is replaced by a new one, for all who were refused', async () => {
  openGraph();
  const reader = graph.readerFor(connectionTo(acme));
  await reader.probe('assignmentFilter', NEVER);
  const refusal = { kind: 'status', status: 401, code: 'InvalidAuthenticationToken' };
  await simulator.befall({ match: { batched: true }, times: 5, fault: refusal });
  const policies = await simulator.objects(acme.id, 'deviceConfigurations');
  await Promise.all(policies.map(({ id }) => reader.read('deviceConfiguration', id, NEVER)));
  expect((await simulator.stats(acme.id)).tokens).toBe(2);
});

test('another version of the connection signs in anew', async () => {
  openGraph();
  const connection = connectionTo(acme);
  await graph.readerFor(connection).probe('assignmentFilter', NEVER);
  await graph.readerFor({ ...connection, version: 2 }).probe('assignmentFilter', NEVER);
  expect((await simulator.stats(acme.id)).tokens).toBe(2);
});

test.each(['global', 'usGov', 'china'] as const)('the %s cloud is signed in to', async (cloud) => {
  openGraph();
  const reader = graph.readerFor(connectionTo(acme, { cloud }));
  await expect(reader.probe('assignmentFilter', NEVER)).resolves.toBeUndefined();
});

test("a wrong secret is told with Entra's code, asked once, and shown nowhere", async () => {
  openGraph();
  const wrong = connectionWith({ kind: 'secret', secret: 'canary-7f3a-wrong-secret' });
  const reader = graph.readerFor(wrong);
  const probes = ['assignmentFilter', 'roleScopeTag', 'namedLocation'] as const;
  const failures = await Promise.all(
    probes.map((type) => reader.probe(type, NEVER).catch((error: unknown) => error)),
  );
  for (const failure of failures) {
    expect(failure).toMatchObject({
      code: 'graph.sign_in_failed',
      details: { graphCode: 'AADSTS7000215' },
    });
    expect(inspect(failure, { depth: 10 })).not.toContain('canary-7f3a');
  }
  expect((await simulator.stats(acme.id)).tokens).toBe(1);
});

test('a key that is none is a failed sign-in, without its text', async () => {
  openGraph();
  const { certificatePem } = makeSelfSignedCertificate();
  const broken = connectionWith({
    kind: 'certificate',
    privateKeyPem: 'canary-no-key',
    certificatePem,
  });
  const failure = await graph
    .readerFor(broken)
    .probe('assignmentFilter', NEVER)
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'graph.sign_in_failed' });
  expect(inspect(failure, { depth: 10 })).not.toContain('canary');
});

test('a certificate signs an assertion with PS256 and its SHA-256 thumbprint', async () => {
  const certificate = makeSelfSignedCertificate();
  const entra = await answerSignIns();
  graph = createGraph({ clock: systemClock, hosts: graphHosts(entra.url), random: () => 0 });
  const { certificatePem, privateKeyPem } = certificate;
  const reader = graph.readerFor(
    connectionWith({ kind: 'certificate', privateKeyPem, certificatePem }),
  );
  await reader.probe('assignmentFilter', NEVER);
  const [form] = entra.forms;
  expect(form?.get('client_secret')).toBeNull();
  const assertion = form?.get('client_assertion') ?? '';
  const [header = '', payload = '', signature = ''] = assertion.split('.');
  const der = new X509Certificate(certificatePem).raw;
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({
    alg: 'PS256',
    'x5t#S256': createHash('sha256').update(der).digest('base64url'),
  });
  expect(
    verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      { key: certificate.publicKeyPem, padding: 6, saltLength: 32 },
      Buffer.from(signature, 'base64url'),
    ),
  ).toBe(true);
  await entra.close();
});

test('the certificate signs in to the simulator, too', async () => {
  openGraph();
  const { certificatePem, privateKeyPem } = makeSelfSignedCertificate();
  const reader = graph.readerFor(
    connectionWith({ kind: 'certificate', privateKeyPem, certificatePem }),
  );
  await expect(reader.probe('assignmentFilter', NEVER)).resolves.toBeUndefined();
});

test('a sign-in that answers 500 is an outage, and is asked again', async () => {
  openGraph();
  await simulator.befall({
    match: { path: 'oauth2' },
    fault: { kind: 'status', status: 500 },
  });
  const reader = graph.readerFor(connectionTo(acme));
  await expect(reader.probe('assignmentFilter', NEVER)).resolves.toBeUndefined();
});

function openGraph(): void {
  graph = createGraph({
    clock: systemClock,
    hosts: graphHosts(simulator.url),
    limits: [],
    random: () => 0,
  });
}

function connectionWith(credential: GraphCredential): GraphConnection {
  return connectionTo(acme, { openCredential: async () => new Secret(credential) });
}

/** An Entra that accepts everything and remembers what it was sent, and an empty Graph. */
async function answerSignIns() {
  const forms: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const isSignIn = request.url?.includes('/oauth2/');
    if (isSignIn) forms.push(new URLSearchParams(Buffer.concat(chunks).toString()));
    response.setHeader('content-type', 'application/json');
    const token = { token_type: 'Bearer', expires_in: 3599, access_token: 'x' };
    response.end(JSON.stringify(isSignIn ? token : { value: [] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    forms,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
