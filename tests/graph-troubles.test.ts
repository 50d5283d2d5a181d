import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { graphHosts } from '../src/graph/clouds.ts';
import type { PolicyType } from '../src/graph/contracts/list.ts';
import { createGraph, type Graph } from '../src/graph/create-graph.ts';
import type { GraphReader } from '../src/graph/port.ts';
import { systemClock } from '../src/kernel/clock.ts';
import {
  connectionTo,
  type FaultRule,
  firstTenant,
  type SimulatedTenant,
  type SimulatorProcess,
  type StoredObject,
  startSimulatorProcess,
} from './setup/simulator.ts';

const NEVER = new AbortController().signal;
const LIST = 'deviceManagement/configurationPolicies(\\?|$)';

let simulator: SimulatorProcess;
let graph: Graph;
let acme: SimulatedTenant;
let policies: readonly StoredObject[];

beforeAll(async () => {
  simulator = await startSimulatorProcess({ policies: 40, limits: 'none' });
  acme = firstTenant(simulator);
  policies = await simulator.objects(acme.id, 'configurationPolicies');
});

afterEach(async () => {
  await graph.close();
  await simulator.clearFaults();
  await simulator.clearLog();
});

afterAll(() => simulator.close());

/** Whatever happens once or twice, everything is read, complete. */
test.each<[string, FaultRule]>([
  ['a 429 with a fractional Retry-After', { fault: { kind: 'throttle', retryAfter: 0.25 } }],
  ['a 429 without Retry-After', { fault: { kind: 'throttle', retryAfter: null } }],
  ['a 500', { times: 2, fault: { kind: 'status', status: 500 } }],
  ['a 503 that asks to wait', { fault: { kind: 'status', status: 503, retryAfter: 0.2 } }],
  ['a 504 after the work was done', { fault: { kind: 'executedThenStatus', status: 504 } }],
  ['a connection lost before', { fault: { kind: 'reset' } }],
  ['a connection lost in the middle of the body', { fault: { kind: 'resetMidBody' } }],
  ['an answer that is lost', { fault: { kind: 'executedThenReset' } }],
  ['half a document', { fault: { kind: 'malformedJson' } }],
  ['an answer that never comes', { fault: { kind: 'hang' } }],
  [
    'a token that ended early',
    { fault: { kind: 'status', status: 401, code: 'InvalidAuthenticationToken' } },
  ],
])('%s in the listing costs time, nothing else', async (_, rule) => {
  const reader = openReader();
  await simulator.befall({ ...rule, match: { path: LIST }, skip: 1 });
  expect(await listIds(reader)).toEqual(policies.map(({ id }) => id).sort());
  await expectNoEarlyCall();
});

test.each<[string, FaultRule]>([
  ['429', { times: 7, fault: { kind: 'throttle', retryAfter: 0.25 } }],
  ['500', { times: 7, fault: { kind: 'status', status: 500 } }],
  ['503', { times: 3, fault: { kind: 'status', status: 503, retryAfter: 0.2 } }],
  ['401', { fault: { kind: 'status', status: 401, code: 'InvalidAuthenticationToken' } }],
  ['a wrong settingCount', { times: 3, fault: { kind: 'wrongSettingCount', delta: 1 } }],
])('parts of a batch that answer %s are read again, the others are not', async (_, rule) => {
  const reader = openReader();
  await simulator.befall({ ...rule, match: { batched: true, path: 'configurationPolicies/' } });
  await expectAllComplete(reader);
  const { batches } = await simulator.stats(acme.id);
  expect(batches).toBeGreaterThan(1);
});

test('a throttled part waits as long as it was told, and so do all after it', async () => {
  const reader = openReader();
  const few = policies.slice(0, 8).map(({ id }) => id);
  await simulator.befall({
    match: { batched: true },
    fault: { kind: 'throttle', retryAfter: 0.5 },
  });
  const read = (id: string) => reader.read('configurationPolicy', id, NEVER);
  await Promise.all(few.map(read));
  await Promise.all(few.map(read));
  await expectNoEarlyCall();
  expect(reader.usage.throttled).toBeGreaterThan(0);
});

test.each<[string, FaultRule]>([
  ['is throttled', { fault: { kind: 'throttle', retryAfter: 0.2 } }],
  ['answers 502', { fault: { kind: 'status', status: 502 } }],
  ['is refused', { fault: { kind: 'status', status: 400, code: 'BadRequest' } }],
  ['is cut in the middle', { fault: { kind: 'resetMidBody' } }],
  ['is half a document', { fault: { kind: 'malformedJson' } }],
  ['never answers', { fault: { kind: 'hang' } }],
])('a batch that %s as a whole loses nothing', async (_, rule) => {
  const reader = openReader();
  await simulator.befall({ ...rule, match: { path: '\\$batch$' } });
  await expectAllComplete(reader);
});

test('a policy that Graph cannot give fails alone', async () => {
  const reader = openReader();
  const [first] = policies;
  await simulator.befall({
    match: { path: `configurationPolicies/${first?.id}` },
    times: 'always',
    fault: { kind: 'status', status: 500 },
  });
  const outcomes = await readEach(reader);
  const failed = outcomes.filter(({ outcome }) => outcome instanceof Error);
  expect(failed).toMatchObject([{ id: first?.id, outcome: { code: 'graph.unavailable' } }]);
});

test('more than one page of settings is read to its end, also from inside a batch', async () => {
  const reader = openReader();
  const large = policies.filter(({ object }) => Number(object['settingCount']) > 25);
  expect(large.length).toBeGreaterThan(1);
  // The expanded settings do not add up, so that the settings' own pages are read.
  await simulator.befall({
    match: { path: 'expand=settings' },
    times: 'always',
    fault: { kind: 'wrongSettingCount', delta: 1 },
  });
  await Promise.all(
    large.map(async ({ id, object }) => {
      const { body, meta } = await reader.read('configurationPolicy', id, NEVER);
      expect(settingsIn(body)).toBe(object['settingCount']);
      expect(meta['settingCount']).toBe(object['settingCount']);
    }),
  );
  const pages = (await simulator.log(acme.id)).filter(({ path }) => /skiptoken/.test(path));
  expect(pages.length).toBeGreaterThanOrEqual(large.length);
});

test('settings that stay short fail the policy, and say by how much', async () => {
  const reader = openReader();
  const [policy] = policies;
  await simulator.befall({
    match: { path: `configurationPolicies/${policy?.id}` },
    times: 'always',
    fault: { kind: 'wrongSettingCount', delta: 3 },
  });
  await expect(reader.read('configurationPolicy', policy?.id ?? '', NEVER)).rejects.toMatchObject({
    code: 'graph.incomplete',
    details: { part: 'settings' },
  });
});

test('half a page of settings is noticed by the count', async () => {
  const reader = openReader();
  const large = policies.find(({ object }) => Number(object['settingCount']) > 25);
  await simulator.befall(
    {
      match: { path: `${large?.id}\\?` },
      fault: { kind: 'wrongSettingCount', delta: 1 },
    },
    { match: { path: `${large?.id}/settings` }, fault: { kind: 'halfPage' } },
  );
  await expect(reader.read('configurationPolicy', large?.id ?? '', NEVER)).rejects.toMatchObject({
    code: 'graph.incomplete',
  });
});

test('half a page of a listing is noticed by what Graph counted', async () => {
  const reader = openReader();
  await simulator.befall({ match: { path: LIST }, skip: 1, fault: { kind: 'halfPage' } });
  await expect(listIds(reader)).rejects.toMatchObject({ code: 'graph.incomplete' });
});

test.each<[string, FaultRule['fault'], string]>([
  ['without the permission', { kind: 'notPermitted' }, 'graph.permission_missing'],
  ['without a licence', { kind: 'notLicensed' }, 'graph.not_licensed'],
  [
    'with a token that is never accepted',
    { kind: 'status', status: 401, code: 'InvalidAuthenticationToken' },
    'graph.sign_in_failed',
  ],
])('a type %s is told as such, in few calls', async (_, fault, code) => {
  const reader = openReader();
  await simulator.befall({ match: { path: LIST }, times: 'always', fault });
  await expect(listIds(reader)).rejects.toMatchObject({ code });
  expect((await simulator.stats(acme.id)).calls).toBeLessThanOrEqual(2);
});

test('a wait too long for a call names the seconds, and nothing is sent before', async () => {
  // The simulator keeps the promise of a minute: another tenant than the other stories'.
  const other = simulator.tenants[1] ?? acme;
  const reader = openReader(other);
  await simulator.befall({ match: { path: LIST }, fault: { kind: 'throttle', retryAfter: 60 } });
  const wait = { code: 'graph.throttled', details: { retryAfterSeconds: 60 } };
  await expect(listIds(reader)).rejects.toMatchObject(wait);
  await expect(listIds(reader)).rejects.toMatchObject({ code: 'graph.throttled' });
  expect((await simulator.stats(other.id)).calls).toBe(1);
  expect(reader.usage).toEqual({ calls: 1, callsSaved: 0, throttled: 1 });
});

const READS = [
  'approvalPolicies',
  'grantedToWrite',
  'groupNames',
  'groupsNamed',
  'list',
  'listGroups',
  'probe',
  'read',
];

test('nobody ever writes', async () => {
  const reader = openReader();
  await expectAllComplete(reader);
  const methods = (await simulator.log(acme.id))
    .filter(({ bucket }) => bucket !== 'signIn')
    .map(({ method, path }) => (/\$batch$/.test(path) ? 'batch' : method));
  expect(new Set(methods)).toEqual(new Set(['GET', 'batch']));
  const verbs = Object.entries(reader).filter(([, value]) => typeof value === 'function');
  expect(verbs.map(([name]) => name).sort()).toEqual(READS);
});

test('what a reader cost is what Graph charged', async () => {
  const reader = openReader();
  await simulator.befall({
    match: { batched: true },
    times: 5,
    fault: { kind: 'throttle', retryAfter: 0.1 },
  });
  await expectAllComplete(reader);
  const stats = await simulator.stats(acme.id);
  expect(reader.usage).toEqual({
    calls: stats.calls,
    callsSaved: stats.calls - stats.httpRequests,
    throttled: stats.throttled,
  });
});

test('an abort ends a listing at once', async () => {
  const reader = openReader();
  const leaving = new AbortController();
  await simulator.befall({ match: { path: LIST }, fault: { kind: 'hang' } });
  const listing = listIds(reader, leaving.signal);
  leaving.abort(new Error('run cancelled'));
  await expect(listing).rejects.toThrow('run cancelled');
});

/** No jitter, so that stories do not wait; a short deadline, so that silence is noticed. */
function openReader(tenant = acme): GraphReader {
  graph = createGraph({
    clock: systemClock,
    hosts: graphHosts(simulator.url),
    limits: [],
    http: { timeoutMs: 2_000 },
    random: () => 0,
  });
  return graph.readerFor(connectionTo(tenant));
}

async function listIds(reader: GraphReader, signal = NEVER): Promise<string[]> {
  const ids: string[] = [];
  const type: PolicyType = 'configurationPolicy';
  for await (const page of reader.list(type, signal)) ids.push(...page.map((row) => row.graphId));
  return ids.sort();
}

function readEach(reader: GraphReader) {
  return Promise.all(
    policies.map(async ({ id }) => ({
      id,
      outcome: await reader.read('configurationPolicy', id, NEVER).catch((error: Error) => error),
    })),
  );
}

/** Compared with what the simulator holds: an item is complete, never smaller. */
async function expectAllComplete(reader: GraphReader): Promise<void> {
  const read = await readEach(reader);
  for (const [index, { outcome }] of read.entries()) {
    if (outcome instanceof Error) throw outcome;
    const stored = policies[index]?.object;
    expect(settingsIn(outcome.body)).toBe(stored?.['settingCount']);
    const { assignments } = JSON.parse(outcome.body);
    expect(assignments).toHaveLength(
      Array.isArray(stored?.['assignments']) ? stored['assignments'].length : -1,
    );
  }
}

/** Calls on their way when a 429 came are not early; those sent later would be. */
async function expectNoEarlyCall(): Promise<void> {
  expect((await simulator.stats(acme.id)).early).toBe(0);
}

function settingsIn(body: string): number {
  return JSON.parse(body).settings.length;
}
