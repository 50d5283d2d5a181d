import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { GraphLog } from '../src/graph/client/call-log.ts';
import { graphHosts } from '../src/graph/clouds.ts';
import type { PolicyType } from '../src/graph/contracts/list.ts';
import { createGraph, type Graph, type GraphConnection } from '../src/graph/create-graph.ts';
import type { GraphWriter, SealedValue, WriteAttempt, WriteResult } from '../src/graph/port.ts';
import { findHiddenPlaces, withoutHiddenValues } from '../src/graph/secrets/hidden-places.ts';
import { placeMarkers, secretMarker } from '../src/graph/secrets/place-markers.ts';
import { planCreate, planUpdate } from '../src/graph/writing/plan-steps.ts';
import { restorableBody } from '../src/graph/writing/sendable-body.ts';
import type { WriteStep } from '../src/graph/writing/write-step.ts';
import type { JsonObject } from '../src/kernel/canonical-json.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { AppError } from '../src/kernel/errors.ts';
import { Secret } from '../src/kernel/secret.ts';
import { canaryText, findCanaries } from './setup/canaries.ts';
import { readBody, readPolicies } from './setup/perform-steps.ts';
import {
  connectionTo,
  type FaultRule,
  firstTenant,
  type SimulatedTenant,
  type SimulatorProcess,
  startSimulatorProcess,
} from './setup/simulator.ts';

/** A value that a person entered is opened as its request leaves, and seen by Graph alone. */
const CONFIGURATIONS = '/deviceManagement/deviceConfigurations';
const CUSTOM = 'Windows - Custom: VPN and device tag';
const CHOICES = {
  withAssignments: true,
  namePrefix: 'Copy of ',
  conditionalAccessState: 'disabled',
} as const;

let simulator: SimulatorProcess;
let acme: SimulatedTenant;
let graph: Graph;
/** Everything that was logged, answered or thrown. */
let seen: unknown[];

beforeAll(async () => {
  simulator = await startSimulatorProcess({ limits: 'none' });
  acme = firstTenant(simulator);
});
beforeEach(() => {
  seen = [];
  const log: GraphLog = { graphCalled: (call) => void seen.push(call) };
  const http = { timeoutMs: 400 };
  graph = createGraph({ clock: systemClock, hosts: graphHosts(simulator.url), http, log });
});
afterEach(async () => {
  await graph.close();
  await simulator.clearFaults();
  await simulator.clearLog();
});
afterAll(() => simulator.close());

/** Values by their row, as the database would seal them: here by a word of their own. */
class Vault {
  readonly values = new Map<string, string>();
  opened = 0;

  enters(value: string): string {
    const id = randomUUID();
    this.values.set(id, value);
    return id;
  }

  sealed(): SealedValue[] {
    const seal = Buffer.from('sealed');
    return [...this.values.keys()].map((id) => ({ marker: secretMarker(id), id, sealed: seal }));
  }

  open: GraphConnection['openEntered'] = async ({ id, sealed }) => {
    this.opened += 1;
    if (sealed.toString() !== 'sealed') throw new AppError('sealed.refused', { rowId: id });
    return new Secret(this.values.get(id) ?? '');
  };
}

function writerWith(vault: Vault): GraphWriter {
  return graph.writerFor(connectionTo(acme, { openEntered: vault.open }));
}

async function performs(
  writer: GraphWriter,
  step: WriteStep,
  attempt: Partial<WriteAttempt>,
  graphId?: string,
): Promise<WriteResult> {
  const signal = new AbortController().signal;
  const target = graphId === undefined ? {} : { graphId };
  try {
    const whole = { clientRequestId: randomUUID(), signal, ...attempt };
    const result = await writer.perform(step, target, whole);
    seen.push(result);
    return result;
  } catch (error) {
    seen.push(error);
    throw error;
  }
}

/** The steps that make a copy, each hidden value entered. */
function copyOf(type: PolicyType, body: JsonObject, vault: Vault, values: readonly string[]) {
  const places = findHiddenPlaces(type, body).map(({ place }) => place);
  expect(places).toHaveLength(values.length);
  const entered = new Map(places.map((place, at) => [place, vault.enters(values[at] ?? '')]));
  const { steps, missing } = placeMarkers(
    type,
    body,
    planCreate(type, body, CHOICES).slice(0, 1),
    entered,
  );
  expect(missing).toEqual([]);
  const [create] = steps;
  if (create === undefined) throw new Error('nothing to create');
  return create;
}

async function customPolicy() {
  const all = await readPolicies(graph.readerFor(connectionTo(acme)), 'deviceConfiguration');
  const custom = all.find(({ name }) => name === CUSTOM);
  if (custom === undefined) throw new Error('the seed has one');
  return custom;
}

async function kept(collection: string, graphId: string | undefined) {
  const objects = await simulator.objects(acme.id, collection);
  const object = objects.find(({ id }) => id === graphId);
  if (object === undefined) throw new Error(`no ${graphId}`);
  return object;
}

/** Everything that was sent to change something; reads share a batch. */
async function writes() {
  const calls = await simulator.log(acme.id);
  return calls.filter(({ method, path }) => method !== 'GET' && path.includes('deviceManagement'));
}

function expectUnseen(...values: string[]): void {
  const canaries = values.map((value) => ({ name: 'an entered value', value }));
  expect(findCanaries(inspect(seen, { depth: 10 }), canaries)).toEqual([]);
  expect(findCanaries(JSON.stringify(seen), canaries)).toEqual([]);
}

test('Graph gets the values of OMA-URI settings, and nobody else', async () => {
  const vault = new Vault();
  const [psk, eap] = [canaryText('psk'), canaryText('eap')];
  const { body } = await customPolicy();
  const create = copyOf('deviceConfiguration', body, vault, [psk, eap]);
  expect(findCanaries(JSON.stringify(create), [{ name: 'psk', value: psk }])).toEqual([]);
  const result = await performs(writerWith(vault), create, { secrets: vault.sealed() });
  if (result.kind !== 'applied') throw new Error(JSON.stringify(result));
  // Graph may repeat what it was sent: nothing of its answer is handed on.
  expect(result.body).toBeUndefined();
  const made = await kept('deviceConfigurations', result.graphId);
  expect(Object.values(made.secrets)).toEqual([psk, eap]);
  expect(vault.opened).toBe(2);
  expectUnseen(psk, eap);
  // What is read back is what was saved: the values are hidden again.
  const read = await readBody(writerWith(vault), 'deviceConfiguration', String(result.graphId));
  const restorable = (policy: JsonObject) => restorableBody('deviceConfiguration', policy);
  const displayName = `Copy of ${CUSTOM}`;
  expect(restorable(read.body)).toEqual({
    ...restorable({ ...body, displayName }),
    assignments: [],
  });
});

test.each([
  ['iosWiFiConfiguration', 'wiFiSecurityType'],
  ['windowsWifiConfiguration', 'wifiSecurityType'],
])('the key of a Wi-Fi network: %s', async (odataType, property) => {
  const vault = new Vault();
  const key = canaryText('key');
  const body = {
    '@odata.type': `#microsoft.graph.${odataType}`,
    displayName: 'Guests',
    [property]: 'wpa2Personal',
  };
  const create = copyOf('deviceConfiguration', body, vault, [key]);
  const result = await performs(writerWith(vault), create, { secrets: vault.sealed() });
  const graphId = result.kind === 'applied' ? result.graphId : undefined;
  const made = await kept('deviceConfigurations', graphId);
  expect(made.secrets).toEqual({ preSharedKey: key });
  expectUnseen(key);
});

test('a secret of the settings catalog, sent with the whole policy', async () => {
  const vault = new Vault();
  const password = canaryText('password');
  const id = randomUUID();
  const policy = (value: string, valueState: string): JsonObject => ({
    name: 'Autologin',
    platforms: 'macOS',
    technologies: 'mdm',
    settings: [
      {
        settingInstance: {
          '@odata.type': '#microsoft.graph.deviceManagementConfigurationSimpleSettingInstance',
          settingDefinitionId: 'com.apple.loginwindow_autologinpassword',
          simpleSettingValue: {
            '@odata.type': '#microsoft.graph.deviceManagementConfigurationSecretSettingValue',
            value,
            valueState,
          },
        },
      },
    ],
  });
  await simulator.addObject(acme.id, 'configurationPolicies', id, policy('old', 'notEncrypted'));
  const writer = writerWith(vault);
  const { body } = await readBody(writer, 'configurationPolicy', id);
  const place = 'settings[0].settingInstance.simpleSettingValue';
  const entered = new Map([[place, vault.enters(password)]]);
  const steps = planUpdate('configurationPolicy', { ...body, description: 'now' }, body, CHOICES);
  const [replace] = placeMarkers('configurationPolicy', body, steps, entered).steps;
  if (replace === undefined) throw new Error('a PUT');
  expect(await performs(writer, replace, { secrets: vault.sealed() }, id)).toMatchObject({
    kind: 'applied',
  });
  const made = await kept('configurationPolicies', id);
  expect(Object.values(made.secrets)).toContain(password);
  expectUnseen(password);
  const read = await readBody(writer, 'configurationPolicy', id);
  const comparable = (policy: JsonObject) =>
    withoutHiddenValues('configurationPolicy', restorableBody('configurationPolicy', policy));
  expect(comparable(read.body)).toEqual(comparable(body));
});

test.each<[string, FaultRule['fault'], string]>([
  ['is throttled', { kind: 'throttle', retryAfter: 0 }, 'not_executed'],
  ['is refused', { kind: 'status', status: 400 }, 'not_executed'],
  ['dies before it arrives', { kind: 'reset' }, 'ambiguous'],
  ['is answered by nobody after the work', { kind: 'executedThenReset' }, 'ambiguous'],
  ['is never answered', { kind: 'hang' }, 'ambiguous'],
])('a request with values that %s tells none of them', async (_, fault, kind) => {
  const vault = new Vault();
  const [psk, eap] = [canaryText('psk'), canaryText('eap')];
  const { body } = await customPolicy();
  const create = copyOf('deviceConfiguration', body, vault, [psk, eap]);
  await simulator.befall({ match: { method: 'POST', path: CONFIGURATIONS }, fault });
  const result = await performs(writerWith(vault), create, { secrets: vault.sealed() });
  expect(result.kind).toBe(kind);
  expect(await writes()).toHaveLength(1);
  expectUnseen(psk, eap);
});

test('a marker without its value is never sent', async () => {
  const vault = new Vault();
  const { body } = await customPolicy();
  const create = copyOf('deviceConfiguration', body, vault, ['one', 'other']);
  for (const secrets of [[], vault.sealed().slice(1)]) {
    await expect(performs(writerWith(vault), create, { secrets })).rejects.toMatchObject({
      code: 'graph.write_refused',
    });
  }
  expect(await writes()).toEqual([]);
  expect(vault.opened).toBe(0);
});

test('a seal that does not open keeps the request', async () => {
  const vault = new Vault();
  const { body } = await customPolicy();
  const create = copyOf('deviceConfiguration', body, vault, ['one', 'other']);
  const secrets = vault.sealed().map((value) => ({ ...value, sealed: Buffer.from('altered') }));
  expect(await performs(writerWith(vault), create, { secrets })).toMatchObject({
    kind: 'not_executed',
    code: 'sealed.refused',
  });
  expect(await writes()).toEqual([]);
});

test('values stay sealed as long as there is something to wait for', async () => {
  const vault = new Vault();
  const { body } = await customPolicy();
  const create = copyOf('deviceConfiguration', body, vault, ['one', 'other']);
  await simulator.befall({
    match: { path: 'oauth2' },
    times: 'always',
    fault: { kind: 'status', status: 400, code: 'invalid_client' },
  });
  const result = await performs(writerWith(vault), create, { secrets: vault.sealed() });
  expect(result).toMatchObject({ kind: 'not_executed', code: 'graph.sign_in_failed' });
  expect(vault.opened).toBe(0);
});
