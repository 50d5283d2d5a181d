import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TenantId, UserId, WorkerId } from '../src/kernel/ids.ts';
import { type ClaimedRun, claimSlice } from '../src/queue/claim-slice.ts';
import { endSlice } from '../src/queue/end-slice.ts';
import { unregisterWorker } from '../src/queue/heartbeat.ts';
import { releaseDeadWorkers } from '../src/queue/release-dead-workers.ts';
import { countingRun } from './setup/counting-run.ts';
import { hasHandWorker, laneOf, someoneWaits, stuckRuns } from './setup/lane-story.ts';
import { createQueueWorld, type QueueWorld } from './setup/queue-fixture.ts';
import { TenantSession } from './setup/tenant-session.ts';

const ADD = `select add_run_items($1, $2, '[{"kind":"number","id":"1","label":"1",
  "discovers":false,"outcome":"pending"}]')`;
const COUNT = 'update run_items set attempts = attempts + 1';

let world: QueueWorld;
let tenant: TenantId;
let person: UserId;
let worker: WorkerId;
let run: ClaimedRun;

beforeAll(async () => {
  world = await createQueueWorld([countingRun]);
});
/** A run at work, with one item, held by a worker that the test moves by hand. */
beforeEach(async () => {
  tenant = await world.hasTenant();
  person = await world.hasPerson(tenant);
  worker = await hasHandWorker(world);
  await world.starts(tenant, person, countingRun, { name: 'a', count: 1, itemMs: 0 });
  const ticket = { tenantId: tenant, lane: 'interactive' as const, ticketNo: 1 };
  const claim = await claimSlice(world.db, world.runTypes, ticket, worker);
  if (claim.status !== 'claimed') throw new Error(`the ticket was ${claim.status}`);
  run = claim.run;
  await inSlice((session) => session.sql(ADD, [run.id, run.fence]));
});
afterAll(() => world.close());

async function inSlice(work: (session: TenantSession) => Promise<unknown>): Promise<void> {
  const session = await TenantSession.open(world, tenant);
  try {
    await session.sql('select enter_slice($1, $2, null)', [run.id, run.fence]);
    await work(session);
    await session.commit();
  } catch (error) {
    await session.rollback();
    throw error;
  }
}

async function takeBack(session: TenantSession): Promise<boolean | undefined> {
  const rows = await session.sql<{ taken: boolean }>('select take_back($1, $2, null) as taken', [
    run.id,
    run.fence,
  ]);
  return rows[0]?.taken;
}

test('a takeover waits for a transaction of the old fence, and nothing follows it', async () => {
  const old = await TenantSession.open(world, tenant);
  await old.sql('select enter_slice($1, $2, null)', [run.id, run.fence]);
  await unregisterWorker(world.db, worker);
  const taking = await TenantSession.open(world, tenant);
  const taken = takeBack(taking);
  await taking.isWaiting();
  await old.sql(COUNT);
  await old.commit();
  expect(await taken).toBe(true);
  await taking.commit();
  expect(await world.items(tenant, run.id)).toMatchObject([{ attempts: 1 }]);
  await expect(inSlice((session) => session.sql(COUNT))).rejects.toMatchObject({ code: 'TA001' });
  expect(await stuckRuns(world)).toEqual([]);
});

test('a zombie that ends its run while it is taken over does not deadlock', async () => {
  const zombie = await TenantSession.open(world, tenant);
  await zombie.sql('select enter_slice($1, $2, null)', [run.id, run.fence]);
  await unregisterWorker(world.db, worker);
  const taking = await TenantSession.open(world, tenant);
  const taken = takeBack(taking);
  await taking.isWaiting();
  await zombie.sql(`select end_slice($1, $2, 'queued', null, null, null, 0, false, $3)`, [
    run.id,
    run.fence,
    worker,
  ]);
  await zombie.commit();
  expect(await taken).toBe(false);
  await taking.commit();
  expect(await world.run(tenant, run.id)).toMatchObject({ phase: 'queued', takeovers: 0 });
  expect(await stuckRuns(world)).toEqual([]);
});

test('the end of a slice waits for whatever the slice still writes', async () => {
  const stray = await TenantSession.open(world, tenant);
  await stray.sql('select enter_slice($1, $2, null)', [run.id, run.fence]);
  const next = { goOn: false, workerId: worker };
  const ending = { phase: 'queued', runAt: null, code: null, attempts: 0 } as const;
  const ended = endSlice(world.db, world.runTypes, run, ending, next);
  await someoneWaits(world);
  await stray.sql(COUNT);
  await stray.commit();
  await ended;
  expect(await world.items(tenant, run.id)).toMatchObject([{ attempts: 1 }]);
  expect(await world.run(tenant, run.id)).toMatchObject({ phase: 'queued' });
});

test.each([
  ['an old fence', () => String(run.fence - 1)],
  ['no fence', () => ''],
])('the database itself refuses to change an item under %s', async (_, fence) => {
  const session = await TenantSession.open(world, tenant);
  await session.sql(`select set_config('app.fence', $1, true)`, [fence()]);
  await expect(session.sql(COUNT)).rejects.toMatchObject({ code: 'TA001' });
  await session.rollback();
});

test('hand-written SQL under the current fence holds a takeover up until it commits', async () => {
  const byHand = await TenantSession.open(world, tenant);
  await byHand.sql(`select set_config('app.fence', $1, true)`, [String(run.fence)]);
  await byHand.sql(COUNT);
  await unregisterWorker(world.db, worker);
  const taking = await TenantSession.open(world, tenant);
  const taken = takeBack(taking);
  await taking.isWaiting();
  await byHand.commit();
  expect(await taken).toBe(true);
  await taking.commit();
});

test('nobody removes an item from its run', async () => {
  const session = await TenantSession.open(world, tenant);
  await expect(session.sql('delete from run_items')).rejects.toMatchObject({ code: '42501' });
  await session.rollback();
});

test('a run cannot end well with an item that nobody settled', async () => {
  const session = await TenantSession.open(world, tenant);
  const end = session.sql(
    `select end_slice($1, $2, 'ended', 'partial', null, null, 0, false, $3)`,
    [run.id, run.fence, worker],
  );
  await expect(end).rejects.toMatchObject({ code: '23514' });
  await session.rollback();
});

test('two caretakers at once take a run over once', async () => {
  await world.asAdmin(`update workers set beat_at = now() - interval '1 minute'`);
  await Promise.all([
    releaseDeadWorkers(world.db, 8_000, world.log),
    releaseDeadWorkers(world.db, 8_000, world.log),
  ]);
  const fence = run.fence + 1;
  expect(await world.run(tenant, run.id)).toMatchObject({ phase: 'queued', takeovers: 1, fence });
  expect(await laneOf(world, tenant)).toMatchObject({ hasTicket: true, busyRunId: null });
  expect(await stuckRuns(world)).toEqual([]);
});

test('a worker that beats keeps its run, whoever asks for it', async () => {
  const session = await TenantSession.open(world, tenant);
  expect(await takeBack(session)).toBe(false);
  await session.commit();
  expect(await world.run(tenant, run.id)).toMatchObject({ phase: 'running', fence: run.fence });
});
