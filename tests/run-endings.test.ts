import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Outcome } from '../src/db/tables/runs.ts';
import { AppError } from '../src/kernel/errors.ts';
import type { RunId, TenantId, UserId } from '../src/kernel/ids.ts';
import { failed, skipped, succeeded } from '../src/runs/run-type.ts';
import { cancelRunForStory } from './setup/cancel.ts';
import { countingRun } from './setup/counting-run.ts';
import { createQueueWorld, type QueueWorld } from './setup/queue-fixture.ts';
import { forget, numbers, readingRun, script, scriptedRun } from './setup/scripted-run.ts';

let world: QueueWorld;
let tenant: TenantId;
let person: UserId;

beforeAll(async () => {
  // The worker does not know countingRun: a type of a newer version.
  world = await createQueueWorld([scriptedRun, readingRun]);
  await world.worker();
});
beforeEach(async () => {
  forget();
  tenant = await world.hasTenant();
  person = await world.hasPerson(tenant);
});
afterAll(() => world.close());

const starts = () => world.starts(tenant, person, scriptedRun, { name: 'a' });

async function stays(id: RunId, expected: object): Promise<void> {
  // It has ended: nothing may come back to it, so a second run of the lane gets its turn.
  expect(await world.run(tenant, id)).toMatchObject(expected);
  forget();
  const next = await world.starts(tenant, person, scriptedRun, { name: 'next' });
  expect(await world.ended(tenant, next.id)).toMatchObject({ outcome: 'succeeded' });
  expect(await world.run(tenant, id)).toMatchObject(expected);
}

test('a hook that throws for one outcome fails the run, and hears of that', async () => {
  const heard: Outcome[] = [];
  script.ended = async (_, outcome) => {
    heard.push(outcome);
    if (outcome === 'succeeded') throw new Error('a defect');
  };
  const { id } = await starts();
  const run = await world.ended(tenant, id);
  expect(run).toMatchObject({ outcome: 'failed', code: 'internal', items_succeeded: 1 });
  expect(heard).toEqual(['succeeded', 'succeeded', 'succeeded', 'failed']);
});

test('a hook that always throws: the run has failed in the end, without it', async () => {
  script.ended = async () => {
    throw new Error('a defect');
  };
  const { id } = await starts();
  await world.ended(tenant, id);
  await stays(id, { phase: 'ended', outcome: 'failed', code: 'internal' });
  const { rows } = await world.asAdmin('select state from notifications where run_id = $1', [id]);
  expect(rows).toEqual([{ state: 'ended' }]);
});

test('a hook that breaks its transaction leaves nothing of it behind', async () => {
  script.ended = async (tx, outcome) => {
    await tx.db
      .updateTable('tenants')
      .set({ name: `broken by ${outcome} ${tenant}` })
      .where('id', '=', tenant)
      .execute();
    throw new Error('a defect');
  };
  const { id } = await starts();
  await world.ended(tenant, id);
  const { rows } = await world.asAdmin('select name from tenants where id = $1', [tenant]);
  expect(rows[0]?.name).not.toMatch(/broken/);
});

test.each([
  ['that may pass is tried again', 'graph.unavailable', 3, 3],
  ['that will not pass ends the run', 'graph.refused', 1, 1],
] as const)('finish: a failure %s', async (_, code, times, expected) => {
  let calls = 0;
  script.finish = async () => {
    calls += 1;
    if (calls <= times) throw new AppError(code);
  };
  const { id } = await starts();
  const run = await world.ended(tenant, id);
  expect(run).toMatchObject({ outcome: 'failed', code, items_succeeded: 1 });
  expect(calls).toBe(expected);
});

test('plan: a failure that passes costs a try, and what was planned is there once', async () => {
  let calls = 0;
  script.plan = async function* () {
    calls += 1;
    yield* numbers(1_200);
    if (calls < 3) throw new AppError('graph.unavailable');
  };
  const { id } = await starts();
  const run = await world.ended(tenant, id);
  expect(run).toMatchObject({ outcome: 'succeeded', items_total: 1_200, items_succeeded: 1_200 });
  expect(calls).toBe(3);
});

test('a plan without items is a plan: the run succeeds, and its total is known', async () => {
  script.plan = () => numbers(0);
  const { id } = await starts();
  const run = await world.ended(tenant, id);
  expect(run).toMatchObject({ outcome: 'succeeded', items_total: 0 });
  expect(run.planned_at).not.toBeNull();
});

test.each<[string, Outcome, string | null]>([
  ['succeeded skipped', 'succeeded', null],
  ['skipped skipped', 'succeeded', null],
  ['succeeded failed', 'partial', null],
  ['skipped failed', 'partial', null],
  ['failed failed', 'failed', 'run.nothing_succeeded'],
])('items %s end the run as %s', async (endings, outcome, code) => {
  const words = endings.split(' ');
  script.plan = () => numbers(words.length);
  script.item = async (_, item) => {
    const word = words[Number(item.id)];
    if (word === 'skipped') return skipped('policy.unchanged');
    return word === 'failed' ? failed('graph.refused') : succeeded();
  };
  const { id } = await starts();
  expect(await world.ended(tenant, id)).toMatchObject({ outcome, code });
});

test('a name cut in the middle of an emoji, or with a NUL, does not fail the run', async () => {
  script.plan = async function* () {
    yield { kind: 'policy', id: '1', label: `${'x'.repeat(499)}😀` };
    yield { kind: 'policy', id: '2', label: 'a\u0000b' };
  };
  script.item = async () => failed('graph.number_unsafe', { property: '\ud83d\u0000' });
  const { id } = await starts();
  expect(await world.ended(tenant, id)).toMatchObject({ items_failed: 2 });
});

test('a run type that reads Graph is blocked without a connection, and never began', async () => {
  const { id } = await world.starts(tenant, person, readingRun, { name: 'a' });
  const run = await world.ended(tenant, id);
  expect(run).toMatchObject({ outcome: 'blocked', code: 'connection.missing', started_at: null });
});

test('a run of an unknown type waits for a newer worker, and can be cancelled', async () => {
  const input = { name: 'newer', count: 1, itemMs: 0 };
  const { id } = await world.starts(tenant, person, countingRun, input);
  const waiting = await world.until(
    () => world.run(tenant, id),
    (run) => run.code === 'run.type_unknown',
  );
  expect(waiting).toMatchObject({ phase: 'queued', started_at: null, attempts: 0 });
  await world.asAdmin('update runs set started_at = now() where id = $1', [id]);
  expect(await cancelRunForStory(world, tenant, id)).toBe('stopping');
  expect(await world.ended(tenant, id)).toMatchObject({ outcome: 'cancelled' });
});
