import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BackupId } from '../src/kernel/ids.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { objectNamed, objectsNamed } from './setup/simulated-objects.ts';
import type { FaultRule } from './setup/simulator.ts';
import { disturbEach, hasOneOfEach, WRITTEN_KINDS } from './setup/written-kinds.ts';

/**
 * Every kind of write goes wrong in every way. Whatever happens: one object, as it was saved, and a
 * create sent again only when it is known that nothing came of it.
 */
interface Way {
  readonly name: string;
  readonly fault: FaultRule['fault'];
  /** Of a create, and of a write that may be repeated: intents, and answers that told nothing. */
  readonly create: Intents & { readonly found?: true };
  readonly change: Intents;
  /** How often the create arrived. */
  readonly posts: number;
}
interface Intents {
  /** Undefined: others of its kind made it wait, too, perhaps more than once. */
  readonly attempt?: number;
  readonly failures: number;
}

const ONCE = { attempt: 1, failures: 0 };
const AFTER_A_WAIT = { failures: 0 };
const AGAIN = { attempt: 2, failures: 1 };
const FOUND = { attempt: 1, failures: 1, found: true } as const;
const SEEN = { attempt: 1, failures: 1 };

const WAYS: readonly Way[] = [
  {
    name: 'is throttled and told how long',
    fault: { kind: 'throttle', retryAfter: 1 },
    create: AFTER_A_WAIT,
    change: AFTER_A_WAIT,
    posts: 2,
  },
  {
    name: 'is throttled and not told how long',
    fault: { kind: 'throttle', retryAfter: null },
    create: AFTER_A_WAIT,
    change: AFTER_A_WAIT,
    posts: 2,
  },
  {
    name: 'meets a token that has ended',
    fault: { kind: 'status', status: 401 },
    create: AGAIN,
    change: AGAIN,
    posts: 2,
  },
  {
    name: 'answers 500 and was not done',
    fault: { kind: 'status', status: 500 },
    create: AGAIN,
    change: AGAIN,
    posts: 2,
  },
  {
    name: 'answers 409 and was not done',
    fault: { kind: 'status', status: 409 },
    create: AGAIN,
    change: AGAIN,
    posts: 2,
  },
  {
    name: 'answers 504 and was done',
    fault: { kind: 'executedThenStatus', status: 504 },
    create: FOUND,
    change: SEEN,
    posts: 1,
  },
  {
    name: 'is cut off after it was done',
    fault: { kind: 'executedThenReset' },
    create: FOUND,
    change: SEEN,
    posts: 1,
  },
  {
    name: 'is cut off in the middle of the answer',
    fault: { kind: 'resetMidBody' },
    create: FOUND,
    change: SEEN,
    posts: 1,
  },
  {
    name: 'is cut off before it arrives',
    fault: { kind: 'reset' },
    create: AGAIN,
    change: AGAIN,
    posts: 2,
  },
  {
    name: 'is answered without an id',
    fault: { kind: 'malformedJson' },
    create: FOUND,
    change: ONCE,
    posts: 1,
  },
];

let story: RestoreWorld;
let acme: RestoreVerbs;
let backup: BackupId;
/** As they were saved. */
const saved = new Map<string, unknown>();

beforeAll(async () => {
  story = await setupRestores();
  ({ acme } = story);
  for (const { name } of [...WAYS, { name: 'is refused' }]) {
    await hasOneOfEach(acme, name);
    for (const [kind, { collection }] of Object.entries(WRITTEN_KINDS)) {
      const { object } = await objectNamed(acme, collection, `${name} ${kind}`);
      saved.set(`${name} ${kind}`, withoutTheOwn(object));
    }
  }
  backup = await acme.backsUp();
}, 60_000);
beforeEach(async () => {
  await story.simulator.clearFaults();
  await story.simulator.clearLog();
});
afterAll(() => story.world.close());

/** Everything but ids and times, in an order that Graph does not choose. */
function withoutTheOwn(object: unknown): unknown {
  if (Array.isArray(object)) {
    return object
      .map(withoutTheOwn)
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof object !== 'object' || object === null) return object;
  const own = /^(id|sourceId|version|(created|lastModified)DateTime)$/;
  const kept = Object.entries(object).filter(([key]) => !own.test(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutTheOwn(value)]));
}

async function meets(name: string, fault: FaultRule['fault']) {
  const ids = await disturbEach(acme, name);
  const id = await acme.previewsBackup(backup, { selection: { nameContains: name } });
  const rules = Object.entries(WRITTEN_KINDS).map(([kind, { matchOf }]) => ({
    match: matchOf(ids.get(kind) ?? ''),
    fault,
  }));
  await story.simulator.befall(...rules);
  const run = await acme.executes(id);
  const writes = await acme.ledger(id);
  const writeOf = async (kind: string) => {
    const { version_id } = await acme.item(id, `${name} ${kind}`);
    const step = WRITTEN_KINDS[kind]?.step;
    return writes.find((write) => write.version_id === version_id && write.name === step);
  };
  return { id, run, writeOf };
}

describe.each(WAYS)('a write that $name', ({ name, fault, create, change, posts }) => {
  test('is done once in the end, and as it was saved', async () => {
    const { run, writeOf } = await meets(name, fault);
    expect(run).toMatchObject({ outcome: 'succeeded', items_failed: 0, items_unknown: 0 });
    for (const [kind, { collection }] of Object.entries(WRITTEN_KINDS)) {
      const there = await objectsNamed(acme, collection, `${name} ${kind}`);
      expect(there, kind).toHaveLength(1);
      const [only] = there;
      expect(withoutTheOwn(only?.object ?? {}), kind).toEqual(saved.get(`${name} ${kind}`));
      const { found = false, ...counts } = kind === 'create' ? create : { ...change };
      const write = await writeOf(kind);
      expect(write, kind).toMatchObject({
        state: 'verified',
        graph_id: only?.id,
        was_adopted: found,
        ...counts,
      });
    }
    const arrived = (await acme.sent()).filter(({ path }) => path.endsWith('assignmentFilters'));
    expect(arrived).toHaveLength(posts);
    const requestIds = arrived.map(({ clientRequestId }) => clientRequestId);
    expect(new Set(requestIds).size, 'each intent has an id of its own').toBe(posts);
    expect(requestIds.at(-1)).toBe((await writeOf('create'))?.client_request_id);
  });
});

test('a write that is refused fails its item by its code, and the others go on', async () => {
  const name = 'is refused';
  const { id, run } = await meets(name, { kind: 'status', status: 400 });
  // What was kept before counts as done.
  expect(run).toMatchObject({ outcome: 'partial', items_failed: 6 });
  for (const kind of Object.keys(WRITTEN_KINDS)) {
    const item = await acme.item(id, `${name} ${kind}`);
    // Its body is there without its assignments: that was written, and is said.
    const result = kind === 'assignNew' ? 'failed' : 'not_written';
    expect(item, kind).toMatchObject({ result, result_code: 'graph.refused' });
  }
  expect(await objectsNamed(acme, 'assignmentFilters', `${name} create`)).toEqual([]);
  const [half] = await objectsNamed(acme, 'deviceCompliancePolicies', `${name} assignNew`);
  expect(await acme.item(id, `${name} assignNew`)).toMatchObject({ result_graph_id: half?.id });
});

/** Graph did not answer, and the object turns up only after a while. */
test('what shows up late after a lost answer is taken for ours, not made again', async () => {
  const name = 'shows up late';
  const displayName = `${name} create`;
  const body = { displayName, platform: 'iOS', rule: '(device.model -startsWith "iPad")' };
  const { entra } = acme.tenant;
  const old = crypto.randomUUID();
  await story.simulator.addObject(entra.id, 'assignmentFilters', old, body);
  const whole = await acme.backsUp();
  await story.simulator.removeObject(entra.id, 'assignmentFilters', old);
  const id = await acme.previewsBackup(whole, { selection: { nameContains: name } });
  const match = { method: 'POST', path: 'assignmentFilters$' };
  await story.simulator.befall({ match, fault: { kind: 'reset' } });
  const [{ body: sent }] = await acme.steps(id, displayName);
  const ended = acme.executes(id);
  await acme.world.until(
    () => acme.ledger(id),
    ([write]) => write?.code === 'graph.unavailable',
  );
  const late = crypto.randomUUID();
  await story.simulator.addObject(entra.id, 'assignmentFilters', late, sent);
  expect(await ended).toMatchObject({ outcome: 'succeeded' });
  expect(await acme.sent()).toHaveLength(1);
  expect(await acme.ledger(id)).toMatchObject([
    { state: 'verified', attempt: 1, failures: 1, was_adopted: true, graph_id: late },
  ]);
});

test.each([
  ['by its id', { getMs: 1_200, listMs: 0 }],
  ['in the list', { getMs: 0, listMs: 1_200 }],
  ['at all', { getMs: 1_200, listMs: 1_200 }],
])('what does not show %s at first is waited for, and assigned once it does', async (way, late) => {
  const { entra } = acme.tenant;
  const name = `late ${way}`;
  await hasOneOfEach(acme, name);
  const whole = await acme.backsUp();
  const { id: old } = await objectNamed(acme, 'deviceCompliancePolicies', `${name} assignNew`);
  await story.simulator.removeObject(entra.id, 'deviceCompliancePolicies', old);
  const selection = { nameContains: `${name} assignNew` };
  const id = await acme.previewsBackup(whole, { selection });
  const match = { method: 'POST', path: 'deviceCompliancePolicies$' };
  await story.simulator.befall({ match, fault: { kind: 'visibleAfter', ...late } });
  expect(await acme.executes(id)).toMatchObject({ outcome: 'succeeded' });
  expect(await acme.sent()).toHaveLength(2);
  expect(await acme.ledger(id)).toMatchObject([
    { name: 'create', state: 'verified', attempt: 1, failures: 0 },
    { name: 'assign', state: 'verified', attempt: 1, failures: 0 },
  ]);
});

test('a create that is cut off each time is given up after five, each not made', async () => {
  const name = 'always cut off';
  const displayName = `${name} create`;
  await hasOneOfEach(acme, name);
  const whole = await acme.backsUp();
  await disturbEach(acme, name);
  const id = await acme.previewsBackup(whole, { selection: { nameContains: displayName } });
  const match = { method: 'POST', path: 'assignmentFilters$' };
  await story.simulator.befall({ match, fault: { kind: 'reset' }, times: 'always' });
  expect(await acme.executes(id)).toMatchObject({ outcome: 'failed', items_failed: 1 });
  expect(await acme.item(id, displayName)).toMatchObject({
    result: 'not_written',
    result_code: 'graph.unavailable',
  });
  expect(await acme.ledger(id)).toMatchObject([
    { state: 'failed', attempt: 5, failures: 5, proof: 'not_found' },
  ]);
  expect(await acme.sent()).toHaveLength(5);
});
