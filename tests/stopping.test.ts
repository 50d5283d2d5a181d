import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AppError } from '../src/kernel/errors.ts';
import type { TenantId, UserId } from '../src/kernel/ids.ts';
import type { Worker } from '../src/queue/worker.ts';
import { defineRunType } from '../src/runs/run-type.ts';
import { cancelRunForStory } from './setup/cancel.ts';
import { countingRun, worked } from './setup/counting-run.ts';
import { createQueueWorld, type QueueWorld } from './setup/queue-fixture.ts';
import { forget, numbers, script, scriptedRun } from './setup/scripted-run.ts';

/** Its items may take so long that only being given up can end a story in time. */
const patientRun = defineRunType({
  ...scriptedRun,
  name: 'test.patient',
  itemTimeoutMs: 600_000,
});

let world: QueueWorld;
let tenant: TenantId;
let person: UserId;
let worker: Worker;

beforeAll(async () => {
  world = await createQueueWorld([scriptedRun, patientRun, countingRun]);
});
beforeEach(async () => {
  forget();
  tenant = await world.hasTenant();
  person = await world.hasPerson(tenant);
  worker = await world.worker();
});
afterEach(() => worker.stop());
afterAll(() => world.close());

const forEver = () => new Promise<never>(() => {});
const starts = () => world.starts(tenant, person, patientRun, { name: 'a' });

/** The story's first item begins. */
function hangs(): Promise<void> {
  const begun = Promise.withResolvers<void>();
  script.item = () => {
    begun.resolve();
    return forEver();
  };
  return begun.promise;
}

test('no item is lost or worked twice by a worker that is told to stop', async () => {
  worked.length = 0;
  const input = { name: 'a', count: 400, itemMs: 5 };
  const { id } = await world.starts(tenant, person, countingRun, input);
  await world.until(
    () => world.run(tenant, id),
    (run) => run.items_succeeded > 20,
  );
  await worker.stop();
  const left = await world.run(tenant, id);
  expect(left).toMatchObject({ phase: 'queued', takeovers: 0, crashes: 0 });
  expect(left.items_succeeded, 'all that was done is written').toBe(worked.length + 1);
  worker = await world.worker();
  await world.ended(tenant, id);
  expect(worked).toHaveLength(400);
  expect(new Set(worked.map((item) => item.id)).size).toBe(400);
});

test('an item that ignores its signal holds up no cancel', async () => {
  const begun = hangs();
  const { id } = await starts();
  await begun;
  expect(await cancelRunForStory(world, tenant, id)).toBe('stopping');
  expect(await world.ended(tenant, id)).toMatchObject({ outcome: 'cancelled', items_failed: 0 });
});

test('an item that ignores its signal holds up no stop, and is worked by the next', async () => {
  const begun = hangs();
  const { id } = await starts();
  await begun;
  await worker.stop();
  expect(await world.run(tenant, id)).toMatchObject({ phase: 'queued', takeovers: 0 });
  forget();
  worker = await world.worker();
  expect(await world.ended(tenant, id)).toMatchObject({ outcome: 'succeeded', items_total: 1 });
});

test.each(['plan', 'finish'] as const)(
  'a %s that ignores its signal holds up no stop',
  async (part) => {
    const begun = Promise.withResolvers<void>();
    script.plan = async function* () {
      yield* numbers(2);
      if (part === 'plan') {
        begun.resolve();
        await forEver();
      }
    };
    script.finish = () => {
      begun.resolve();
      return forEver();
    };
    const { id } = await starts();
    await begun.promise;
    await worker.stop();
    expect(await world.run(tenant, id)).toMatchObject({ phase: 'queued', attempts: 0 });
    forget();
    script.plan = () => numbers(2);
    worker = await world.worker();
    expect(await world.ended(tenant, id)).toMatchObject({ outcome: 'succeeded', items_total: 2 });
  },
);

test('a slice that hangs is broken off, and the run has failed after its tries', async () => {
  await worker.stop();
  worker = await world.worker({ sliceMaxMs: 50, abandonMs: 20 });
  script.finish = forEver;
  const { id } = await starts();
  expect(await world.ended(tenant, id)).toMatchObject({ outcome: 'failed', code: 'run.timed_out' });
});

test('an item that was given up writes nothing more, and hears that its time is up', async () => {
  const late = Promise.withResolvers<unknown>();
  script.item = async (ctx) => {
    if (ctx.signal.aborted) throw new Error('its signal is of another try');
    await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve));
    const writing = ctx.inTenant((tx) => ctx.addItems(tx, [{ kind: 'late', id: '1', label: '' }]));
    writing.then(late.resolve, late.resolve);
    return forEver();
  };
  const { id } = await world.starts(tenant, person, scriptedRun, { name: 'a' });
  expect(await late.promise).toMatchObject({ code: 'item.timed_out' } satisfies Partial<AppError>);
  const run = await world.ended(tenant, id);
  expect(run).toMatchObject({ outcome: 'failed', items_failed: 1, items_total: 1 });
});

test('what an item left behind hears of the end of its slice, and writes nothing', async () => {
  const late = Promise.withResolvers<unknown>();
  let leftBehind: Promise<unknown> | undefined;
  script.item = async (ctx) => {
    leftBehind = new Promise((resolve) => ctx.signal.addEventListener('abort', resolve)).then(() =>
      ctx.inTenant((tx) => ctx.addItems(tx, [{ kind: 'late', id: '1', label: '' }])),
    );
    leftBehind.then(late.resolve, late.resolve);
    return { outcome: 'succeeded' };
  };
  const { id } = await starts();
  await world.ended(tenant, id);
  expect(await late.promise).toMatchObject({ code: 'run.fence_lost' });
  expect(await world.run(tenant, id)).toMatchObject({ items_total: 1, outcome: 'succeeded' });
});
