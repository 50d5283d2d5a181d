import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RunId, TenantId, UserId, WorkerId } from '../src/kernel/ids.ts';
import { unregisterWorker } from '../src/queue/heartbeat.ts';
import { releaseDeadWorkers } from '../src/queue/release-dead-workers.ts';
import { claimIn, hasHandWorker, laneOf } from './setup/lane-story.ts';
import { createQueueWorld, type QueueWorld } from './setup/queue-fixture.ts';
import { forget, numbers, script, scriptedRun } from './setup/scripted-run.ts';
import { TenantSession } from './setup/tenant-session.ts';

let world: QueueWorld;
let tenant: TenantId;
let person: UserId;

beforeAll(async () => {
  world = await createQueueWorld([scriptedRun]);
});
beforeEach(async () => {
  forget();
  tenant = await world.hasTenant();
  person = await world.hasPerson(tenant);
});
afterAll(() => world.close());

const starts = (name = 'a') => world.starts(tenant, person, scriptedRun, { name });

interface Held {
  readonly id: RunId;
  readonly fence: number;
  readonly worker: WorkerId;
}

async function claims(): Promise<Held> {
  const worker = await hasHandWorker(world);
  const { ticketNo } = await laneOf(world, tenant);
  const session = await TenantSession.open(world, tenant);
  const { run } = await claimIn(session, ticketNo, worker);
  await session.commit();
  if (run === null) throw new Error('the ticket was stale');
  return { ...run, worker };
}

async function inSlice(run: Held, statement: string, values: readonly unknown[]): Promise<void> {
  const session = await TenantSession.open(world, tenant);
  await session.sql('select enter_slice($1, $2, null)', [run.id, run.fence]);
  await session.sql(statement, [run.id, ...values]);
  await session.commit();
}

async function dies(run: Held): Promise<void> {
  await unregisterWorker(world.db, run.worker);
  await releaseDeadWorkers(world.db, 60_000, world.log);
}

/** Adds items: those of `waiting` are to be tried again and bear a code, the last is in work. */
async function hasItems(run: Held, waiting: number): Promise<void> {
  await inSlice(
    run,
    `select add_run_items($1, $2, (select jsonb_agg(jsonb_build_object('kind', 'number', 'id', n,
      'label', '', 'discovers', false, 'outcome', 'pending',
      'code', case when n <= $3 then 'graph.throttled' end)) from generate_series(1, $3 + 1) n))`,
    [run.fence, waiting],
  );
}

test('crashes are counted until something is settled', async () => {
  const { id } = await starts();
  await dies(await claims());
  await dies(await claims());
  expect(await world.run(tenant, id)).toMatchObject({ crashes: 2, takeovers: 2 });
  const third = await claims();
  await hasItems(third, 0);
  expect(await world.run(tenant, id)).toMatchObject({ crashes: 0, takeovers: 2 });
  await dies(third);
  const fourth = await claims();
  const result = { seq: 1, outcome: 'succeeded', attempts: 0, endedAt: new Date() };
  await inSlice(fourth, 'select checkpoint_items($1, $2, $3, 0, 0, 0, true)', [
    fourth.fence,
    JSON.stringify([result]),
  ]);
  expect(await world.run(tenant, id)).toMatchObject({ crashes: 0, takeovers: 3 });
});

test('a run that kills its workers outside of items fails after ten crashes', async () => {
  const heard: string[] = [];
  script.ended = async (_, outcome) => void heard.push(outcome);
  script.plan = () => {
    throw new Error('the plan is not tried again');
  };
  const { id } = await starts();
  await world.asAdmin('update runs set crashes = 10, started_at = now() where id = $1', [id]);
  const worker = await world.worker();
  expect(await world.ended(tenant, id)).toMatchObject({ outcome: 'failed', code: 'run.crashed' });
  expect(heard).toEqual(['failed']);
  await worker.stop();
});

test('a worker that dies while it ends the run leaves its hook to the next one', async () => {
  const heard: string[] = [];
  script.ended = async (_, outcome) => void heard.push(outcome);
  const { id } = await starts();
  await world.asAdmin('update runs set crashes = 12, started_at = now() where id = $1', [id]);
  const worker = await world.worker();
  expect(await world.ended(tenant, id)).toMatchObject({ outcome: 'failed', code: 'run.crashed' });
  expect(heard).toEqual(['failed']);
  await worker.stop();
});

test('when its hook kills the worker as well, the run ends without it', async () => {
  script.ended = () => new Promise(() => {});
  const { id } = await starts();
  await world.asAdmin('update runs set crashes = 16, started_at = now() where id = $1', [id]);
  const worker = await world.worker();
  expect(await world.ended(tenant, id)).toMatchObject({ outcome: 'failed', code: 'run.crashed' });
  await worker.stop();
});

test('items that wait to be tried again do not hide the one that was in work', async () => {
  await starts();
  const run = await claims();
  await hasItems(run, 200);
  await inSlice(run, 'select mark_suspects($1, 54)', []);
  const items = await world.items(tenant, run.id);
  expect(items.at(-1)).toMatchObject({ code: null, is_suspect: true });
  expect(items.filter((item) => item.is_suspect)).toHaveLength(55);
});

test('a suspect that is broken off in order was no crash of it', async () => {
  const begun = Promise.withResolvers<void>();
  script.item = (ctx) =>
    new Promise((_, reject) => {
      begun.resolve();
      ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason));
    });
  const { id } = await starts();
  const run = await claims();
  await hasItems(run, 0);
  await dies(run);
  await dies(await claims());
  const worker = await world.worker();
  await begun.promise;
  expect(await world.items(tenant, id)).toMatchObject([{ crashes: 1, is_suspect: true }]);
  await worker.stop();
  expect(await world.items(tenant, id)).toMatchObject([{ crashes: 0, is_suspect: true }]);
  forget();
  script.plan = () => numbers(0);
  const next = await world.worker();
  expect(await world.ended(tenant, id)).toMatchObject({ outcome: 'succeeded' });
  await next.stop();
});

test('one death makes nobody suspect: the next worker goes on as usual', async () => {
  let inWork = 0;
  let inWorkMost = 0;
  script.plan = () => numbers(0);
  script.item = async () => {
    inWork += 1;
    inWorkMost = Math.max(inWorkMost, inWork);
    await new Promise((resolve) => setTimeout(resolve, 10));
    inWork -= 1;
    return { outcome: 'succeeded' };
  };
  const { id } = await starts();
  const run = await claims();
  await hasItems(run, 40);
  await dies(run);
  const worker = await world.worker();
  expect(await world.ended(tenant, id)).toMatchObject({ takeovers: 1, items_succeeded: 41 });
  expect(inWorkMost).toBeGreaterThan(1);
  await worker.stop();
});

test('working suspects one by one keeps the lane taking turns', async () => {
  script.plan = () => numbers(0);
  script.item = async () => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    return { outcome: 'succeeded' };
  };
  const long = await starts('long');
  const run = await claims();
  await hasItems(run, 40);
  await dies(run);
  await dies(await claims());
  const short = await starts('short');
  const worker = await world.worker({ sliceMs: 60 });
  await world.ended(tenant, short.id);
  expect((await world.run(tenant, long.id)).items_succeeded).toBeLessThan(41);
  expect(await world.ended(tenant, long.id)).toMatchObject({ items_succeeded: 41 });
  await worker.stop();
});
