import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { graphHosts } from '../src/graph/clouds.ts';
import { createGraph, type Graph } from '../src/graph/create-graph.ts';
import type { GraphWriter, WriteAttempt } from '../src/graph/port.ts';
import { planCreate } from '../src/graph/writing/plan-steps.ts';
import type { WriteStep } from '../src/graph/writing/write-step.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { performStep, performSteps } from './setup/perform-steps.ts';
import {
  connectionTo,
  type FaultRule,
  firstTenant,
  type SimulatedTenant,
  type SimulatorProcess,
  startSimulatorProcess,
} from './setup/simulator.ts';

const FILTERS = '/deviceManagement/assignmentFilters';
const CHOICES = {
  withAssignments: true,
  namePrefix: '',
  conditionalAccessState: 'disabled',
} as const;
const CREATE = createStep('Written by a restore');
const ASSIGN: WriteStep = {
  name: 'assign',
  method: 'POST',
  path: '/deviceManagement/deviceConfigurations/{id}/assign',
  body: {
    assignments: [{ target: { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' } }],
  },
  isCreate: false,
};

let simulator: SimulatorProcess;
let graph: Graph;
let acme: SimulatedTenant;
/** A promised Retry-After outlives its test, so each has a tenant of its own. */
let unused: SimulatedTenant[] = [];
let writer: GraphWriter;

beforeAll(async () => {
  simulator = await startSimulatorProcess({ limits: 'none', tenants: 60 });
  unused = [...simulator.tenants];
});

afterEach(async () => {
  await graph.close();
  await simulator.clearFaults();
  await simulator.clearLog();
});

afterAll(() => simulator.close());

test('a reader of the same connection has nothing to write with', () => {
  open();
  expect(writer.canWrite).toBe(true);
  expect(graph.readerFor(connectionTo(acme))).not.toHaveProperty('perform');
});

test('a step is one request, under the id that its intent bears', async () => {
  open();
  const clientRequestId = randomUUID();
  const result = await writer.perform(CREATE, {}, attemptWith({ clientRequestId }));
  const [created] = await named('Written by a restore');
  expect(result).toMatchObject({ kind: 'applied', graphId: created?.id });
  expect(await writes()).toMatchObject([{ method: 'POST', status: 201, clientRequestId }]);
  expect(writer.usage.calls).toBe(1);
});

/** Nothing was done, and Graph said so. */
test.each<[string, FaultRule['fault'], string]>([
  ['is throttled', { kind: 'throttle', retryAfter: 1 }, 'graph.throttled'],
  ['is refused', { kind: 'status', status: 400 }, 'graph.refused'],
  ['lacks a permission', { kind: 'notPermitted' }, 'graph.permission_missing'],
  ['needs a licence', { kind: 'notLicensed' }, 'graph.not_licensed'],
  ['meets another version', { kind: 'status', status: 412 }, 'graph.conflict'],
])('a create that %s is told as not executed, and not repeated', async (_, fault, code) => {
  open();
  const before = (await simulator.objects(acme.id, 'assignmentFilters')).length;
  await simulator.befall({ match: { method: 'POST', path: FILTERS }, fault });
  const result = await performStep(writer, CREATE);
  expect(result).toMatchObject({ kind: 'not_executed', code });
  expect(await writes()).toHaveLength(1);
  expect(await simulator.objects(acme.id, 'assignmentFilters')).toHaveLength(before);
});

/** It may have been done, and in some of these cases it was: only reading again tells. */
test.each<[string, FaultRule['fault'], number]>([
  ['dies before it arrives', { kind: 'reset' }, 0],
  ['is cut off after the work', { kind: 'executedThenReset' }, 1],
  ['answers 504 after the work', { kind: 'executedThenStatus', status: 504 }, 1],
  ['answers 409', { kind: 'status', status: 409 }, 0],
  ['answers 500', { kind: 'status', status: 500 }, 0],
  ['answers half a body', { kind: 'resetMidBody' }, 1],
  ['answers half a document, without an id', { kind: 'malformedJson' }, 1],
  ['is never answered', { kind: 'hang' }, 0],
])('a create that %s is ambiguous, and never sent again', async (name, fault, made) => {
  open({ timeoutMs: 400 });
  await simulator.befall({ match: { method: 'POST', path: FILTERS }, fault });
  const result = await performStep(writer, createStep(name));
  expect(result.kind).toBe('ambiguous');
  expect(await writes()).toHaveLength(1);
  expect(await named(name)).toHaveLength(made);
});

test('an update whose answer cannot be read was applied all the same', async () => {
  open();
  const { id } = await existing('deviceConfigurations');
  await simulator.befall({ match: { path: '/assign' }, fault: { kind: 'malformedJson' } });
  expect(await performStep(writer, ASSIGN, id)).toMatchObject({ kind: 'applied', graphId: id });
});

test('an update of what is gone is not executed', async () => {
  open();
  expect(await performStep(writer, ASSIGN, randomUUID())).toMatchObject({
    kind: 'not_executed',
    code: 'graph.not_found',
  });
});

test('after a throttle nothing is sent before its time, and then it is', async () => {
  open();
  await simulator.befall({
    match: { method: 'POST', path: FILTERS },
    fault: { kind: 'throttle', retryAfter: 0.5 },
  });
  const refused = await performStep(writer, CREATE);
  expect(refused).toMatchObject({ details: { retryAfterSeconds: 1 } });
  expect(await performStep(writer, createStep('After the wait'))).toMatchObject({
    kind: 'applied',
  });
  expect((await simulator.stats(acme.id)).early).toBe(0);
  expect(writer.usage).toMatchObject({ calls: 2, throttled: 1 });
});

test('a token that ended early is renewed for the next attempt, not in this one', async () => {
  open();
  await simulator.befall({
    match: { method: 'POST', path: FILTERS },
    fault: { kind: 'status', status: 401 },
  });
  expect(await performStep(writer, CREATE)).toMatchObject({
    kind: 'not_executed',
    code: 'graph.sign_in_failed',
  });
  expect(await writes()).toHaveLength(1);
  expect(await performStep(writer, createStep('Signed in anew'))).toMatchObject({
    kind: 'applied',
  });
});

test('a sign-in that fails sends nothing', async () => {
  open();
  await simulator.befall({
    match: { path: 'oauth2' },
    times: 'always',
    fault: { kind: 'status', status: 400, code: 'invalid_client' },
  });
  expect((await performStep(writer, CREATE)).kind).toBe('not_executed');
  expect(await writes()).toEqual([]);
});

test('when nobody listens, nothing was sent', async () => {
  const port = await freePort();
  open();
  await writer.probe('namedLocation', new AbortController().signal);
  const gone = createGraph({
    clock: systemClock,
    hosts: graphHosts(`http://127.0.0.1:${port}`),
    limits: [],
  });
  const result = await performStep(gone.writerFor(connectionTo(acme)), CREATE);
  await gone.close();
  expect(result).toMatchObject({ kind: 'not_executed', code: 'graph.unavailable' });
});

test('what is made shows later, by id and in the list; its id is known at once', async () => {
  open();
  await simulator.befall({
    match: { method: 'POST', path: FILTERS },
    fault: { kind: 'visibleAfter', getMs: 300, listMs: 300 },
  });
  const graphId = await performSteps(writer, [createStep('Shows late')]);
  const read = () => writer.read('assignmentFilter', graphId, new AbortController().signal);
  await expect(read()).rejects.toMatchObject({ code: 'graph.not_found' });
  await vi.waitFor(read, { timeout: 5_000, interval: 50 });
});

test('an abort before the request leaves keeps it; after that it may be done', async () => {
  open();
  const early = new AbortController();
  early.abort(new Error('cancelled'));
  await expect(performStep(writer, CREATE, undefined, early.signal)).rejects.toThrow('cancelled');
  expect(await writes()).toEqual([]);
  await simulator.befall({ match: { method: 'POST', path: FILTERS }, fault: { kind: 'hang' } });
  const late = new AbortController();
  const result = performStep(writer, CREATE, undefined, late.signal);
  await vi.waitFor(async () => expect(await writes()).toHaveLength(1), { timeout: 5_000 });
  late.abort(new Error('cancelled'));
  expect(await result).toMatchObject({ kind: 'ambiguous' });
});

test('whoever has lost the run at the last moment sends nothing', async () => {
  open();
  const lost = new Error('declared dead');
  const beforeDispatch = () => {
    throw lost;
  };
  await expect(writer.perform(CREATE, {}, attemptWith({ beforeDispatch }))).rejects.toBe(lost);
  expect(await writes()).toEqual([]);
});

test.each<[string, Partial<WriteStep>]>([
  ['another address', { path: '/deviceManagement/managedDevices' }],
  ['an action that nobody declared', { path: `${FILTERS}/{id}/assign`, name: 'assign' }],
  ['a create that is no create', { isCreate: false }],
  ['another method', { method: 'PATCH' }],
])('%s gets no call', async (_, change) => {
  open();
  await expect(performStep(writer, { ...CREATE, ...change }, 'some-id')).rejects.toMatchObject({
    code: 'graph.write_refused',
  });
  expect(await writes()).toEqual([]);
});

test('the write budget: most of a window at once, the rest told when, none refused', async () => {
  const limited = await startSimulatorProcess({ limits: 'documented' });
  const limitedGraph = createGraph({ clock: systemClock, hosts: graphHosts(limited.url) });
  const tenant = firstTenant(limited);
  const limitedWriter = limitedGraph.writerFor(connectionTo(tenant));
  const results = await Promise.all(
    Array.from({ length: 110 }, (_, index) =>
      performStep(limitedWriter, createStep(`Filter ${index}`)),
    ),
  );
  const { throttled, writes: written } = await limited.stats(tenant.id);
  await limitedGraph.close();
  await limited.close();
  expect(throttled).toBe(0);
  expect(written).toBeGreaterThanOrEqual(90);
  const waiting = results.filter(({ kind }) => kind === 'not_executed');
  expect(waiting).toHaveLength(110 - written);
  expect(waiting[0]).toMatchObject({ code: 'graph.throttled' });
});

function open(http: { timeoutMs?: number } = {}): void {
  const tenant = unused.pop();
  if (tenant === undefined) throw new Error('more tests than tenants');
  acme = tenant;
  graph = createGraph({ clock: systemClock, hosts: graphHosts(simulator.url), limits: [], http });
  writer = graph.writerFor(connectionTo(acme));
}

function createStep(displayName: string): WriteStep {
  const body = { displayName, platform: 'iOS', rule: '(device.model -ne "x")' };
  const [create] = planCreate('assignmentFilter', body, CHOICES);
  if (create === undefined) throw new Error('a filter is created');
  return create;
}

function attemptWith(parts: Partial<WriteAttempt>): WriteAttempt {
  return { clientRequestId: randomUUID(), signal: new AbortController().signal, ...parts };
}

/** Everything that was sent to change something. */
async function writes() {
  const calls = await simulator.log(acme.id);
  return calls.filter(({ method, path }) => method !== 'GET' && path.startsWith('/beta/'));
}

async function named(name: string) {
  const filters = await simulator.objects(acme.id, 'assignmentFilters');
  return filters.filter((filter) => filter.name === name);
}

async function existing(collection: string) {
  const [first] = await simulator.objects(acme.id, collection);
  if (first === undefined) throw new Error(`no ${collection}`);
  return first;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
