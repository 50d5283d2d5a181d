import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AppError } from '../src/kernel/errors.ts';
import { cancelRunForStory } from './setup/cancel.ts';
import { countingRun, endings, misbehaviour, pause, worked } from './setup/counting-run.ts';
import { createQueueWorld, type QueueWorld } from './setup/queue-fixture.ts';

let world: QueueWorld;

beforeAll(async () => {
  world = await createQueueWorld([countingRun]);
});
beforeEach(() => {
  misbehaviour.clear();
  worked.length = 0;
});
afterAll(() => world.close());

test('a run is worked item by item, and its counts are what its items say', async () => {
  const tenant = await world.hasTenant();
  const person = await world.hasPerson(tenant);
  const input = { name: 'a', count: 120, itemMs: 0 };
  const { id } = await world.starts(tenant, person, countingRun, input);
  expect(await world.run(tenant, id)).toMatchObject({ phase: 'queued', started_at: null });
  await world.worker();
  const run = await world.ended(tenant, id);
  expect(run).toMatchObject({ outcome: 'succeeded', items_total: 121, items_succeeded: 121 });
  expect(run.planned_at).not.toBeNull();
  const ids = worked.map((item) => item.id);
  expect(new Set(ids).size).toBe(120);
  expect(ids).toHaveLength(120);
  expect(endings).toContainEqual({ runId: id, outcome: 'succeeded' });
});

test('a second request joins the live run; after its end a new one begins', async () => {
  const tenant = await world.hasTenant();
  const person = await world.hasPerson(tenant);
  const input = { name: 'b', count: 1, itemMs: 0 };
  const [first, second] = await Promise.all([
    world.starts(tenant, person, countingRun, input),
    world.starts(tenant, person, countingRun, input),
  ]);
  expect(second.id).toBe(first.id);
  expect([first.wasReused, second.wasReused].sort()).toEqual([false, true]);
  await expect(
    world.starts(tenant, person, countingRun, { ...input, count: 2 }),
  ).rejects.toMatchObject({ code: 'run.live_with_other_input', details: { runId: first.id } });
  await world.ended(tenant, first.id);
  const third = await world.starts(tenant, person, countingRun, { ...input, count: 2 });
  expect(third.id).not.toBe(first.id);
  await world.ended(tenant, third.id);
});

test('a failure that may pass is tried again, one that will not is failed at once', async () => {
  const tenant = await world.hasTenant();
  const person = await world.hasPerson(tenant);
  let tries = 0;
  misbehaviour.set('0', async () => {
    tries += 1;
    if (tries < 3) throw new AppError('graph.unavailable');
  });
  misbehaviour.set('1', async () => {
    throw new AppError('graph.refused', { status: 400 });
  });
  const { id } = await world.starts(tenant, person, countingRun, {
    name: 'c',
    count: 3,
    itemMs: 0,
  });
  const run = await world.ended(tenant, id);
  expect(run).toMatchObject({ outcome: 'partial', items_succeeded: 3, items_failed: 1 });
  expect(tries).toBe(3);
  const items = await world.items(tenant, id);
  expect(items.find((item) => item.subject_id === '0')).toMatchObject({ attempts: 2 });
  expect(items.find((item) => item.subject_id === '1')).toMatchObject({
    code: 'graph.refused',
    details: { status: 400 },
  });
});

test('waiting for Graph costs no attempt and holds no worker', async () => {
  const tenant = await world.hasTenant();
  const person = await world.hasPerson(tenant);
  let waits = 0;
  misbehaviour.set('0', async () => {
    waits += 1;
    if (waits <= 5) throw new AppError('graph.throttled', { retryAfterSeconds: 0.05 });
  });
  const { id } = await world.starts(tenant, person, countingRun, {
    name: 'd',
    count: 2,
    itemMs: 0,
  });
  const run = await world.ended(tenant, id);
  expect(run).toMatchObject({ outcome: 'succeeded' });
  const items = await world.items(tenant, id);
  expect(items.find((item) => item.subject_id === '0')).toMatchObject({ attempts: 0 });
});

test('a run of a person who lost the right is blocked and never began', async () => {
  const tenant = await world.hasTenant();
  const person = await world.hasPerson(tenant, 'readonly');
  const { id } = await world.starts(tenant, person, countingRun, {
    name: 'e',
    count: 1,
    itemMs: 0,
  });
  const run = await world.ended(tenant, id);
  expect(run).toMatchObject({ outcome: 'blocked', code: 'run.rights_missing', started_at: null });
});

test('a run is cancelled at the next item when its last requester is removed', async () => {
  const tenant = await world.hasTenant();
  const person = await world.hasPerson(tenant);
  const input = { name: 'f', count: 2_000, itemMs: 5 };
  const { id } = await world.starts(tenant, person, countingRun, input);
  await world.until(
    () => world.run(tenant, id),
    (run) => run.items_succeeded > 10,
  );
  await world.asAdmin('delete from memberships where user_id = $1', [person]);
  const run = await world.ended(tenant, id);
  expect(run).toMatchObject({ outcome: 'cancelled', code: 'run.rights_missing' });
  expect(run.items_succeeded).toBeLessThan(1_000);
});

test('a cancelled run stops at the next item and breaks a read off', async () => {
  const tenant = await world.hasTenant();
  const person = await world.hasPerson(tenant);
  const reading = Promise.withResolvers<void>();
  let wasBrokenOff = false;
  misbehaviour.set('0', async (_item, signal) => {
    reading.resolve();
    await pause(60_000, signal).catch((error: unknown) => {
      wasBrokenOff = true;
      throw error;
    });
  });
  const { id } = await world.starts(tenant, person, countingRun, {
    name: 'g',
    count: 9,
    itemMs: 0,
  });
  await reading.promise;
  expect(await cancelRunForStory(world, tenant, id)).toBe('stopping');
  const run = await world.ended(tenant, id);
  expect(run).toMatchObject({ outcome: 'cancelled' });
  expect(wasBrokenOff).toBe(true);
  expect(endings).toContainEqual({ runId: id, outcome: 'cancelled' });
});

test('an item that takes too long is told so, and the rest goes on', async () => {
  const tenant = await world.hasTenant();
  const person = await world.hasPerson(tenant);
  misbehaviour.set('0', () => new Promise(() => {}));
  const { id } = await world.starts(tenant, person, countingRun, {
    name: 'h',
    count: 3,
    itemMs: 0,
  });
  const run = await world.ended(tenant, id, 40_000);
  expect(run).toMatchObject({ outcome: 'partial', items_failed: 1, items_succeeded: 3 });
});

test('the lane takes turns: a long run does not keep a short one waiting', async () => {
  const tenant = await world.hasTenant();
  const person = await world.hasPerson(tenant);
  await world.worker({ sliceMs: 200 });
  const long = { name: 'long', count: 4_000, itemMs: 10 };
  const started = await world.starts(tenant, person, countingRun, long);
  await world.until(
    () => world.run(tenant, started.id),
    (run) => run.items_succeeded > 10,
  );
  const short = await world.starts(tenant, person, countingRun, { name: 's', count: 1, itemMs: 0 });
  await world.ended(tenant, short.id);
  expect((await world.run(tenant, started.id)).phase).not.toBe('ended');
  await cancelRunForStory(world, tenant, started.id);
  await world.ended(tenant, started.id);
});
