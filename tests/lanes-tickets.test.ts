import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TenantId, UserId, WorkerId } from '../src/kernel/ids.ts';
import { cancelRunForStory } from './setup/cancel.ts';
import { countingRun } from './setup/counting-run.ts';
import {
  type ClaimAnswer,
  claimIn,
  endIn,
  hasHandWorker,
  laneOf,
  startIn,
  stuckRuns,
} from './setup/lane-story.ts';
import { createQueueWorld, type QueueWorld } from './setup/queue-fixture.ts';
import { TenantSession } from './setup/tenant-session.ts';

let world: QueueWorld;
let tenant: TenantId;
let person: UserId;
let worker: WorkerId;

beforeAll(async () => {
  world = await createQueueWorld([countingRun]);
  worker = await hasHandWorker(world);
});
beforeEach(async () => {
  tenant = await world.hasTenant();
  person = await world.hasPerson(tenant);
});
afterAll(() => world.close());

const starts = (name: string) =>
  world.starts(tenant, person, countingRun, { name, count: 1, itemMs: 0 });

async function inSession<T>(work: (session: TenantSession) => Promise<T>): Promise<T> {
  const session = await TenantSession.open(world, tenant);
  const result = await work(session);
  await session.commit();
  return result;
}

async function begins(name: string): Promise<NonNullable<ClaimAnswer['run']>> {
  await starts(name);
  const { ticketNo } = await laneOf(world, tenant);
  const { run } = await inSession((session) => claimIn(session, ticketNo, worker));
  if (run === null) throw new Error('the ticket was stale');
  return run;
}

test('a start that meets the end of a slice waits for it and gets a ticket', async () => {
  const run = await begins('first');
  const ending = await TenantSession.open(world, tenant);
  await endIn(ending, run, 'ended', worker);
  const starting = await TenantSession.open(world, tenant);
  const started = startIn(starting, person, 'second');
  await starting.isWaiting();
  await ending.commit();
  await started;
  await starting.commit();
  expect(await laneOf(world, tenant)).toEqual({ ticketNo: 2, hasTicket: true, busyRunId: null });
  expect(await stuckRuns(world)).toEqual([]);
});

test('the end of a slice that meets a start waits for it and sees its run', async () => {
  const run = await begins('first');
  const starting = await TenantSession.open(world, tenant);
  await startIn(starting, person, 'second');
  const ending = await TenantSession.open(world, tenant);
  const ended = endIn(ending, run, 'ended', worker);
  await ending.isWaiting();
  await starting.commit();
  await ended;
  await ending.commit();
  expect(await laneOf(world, tenant)).toEqual({ ticketNo: 2, hasTicket: true, busyRunId: null });
  expect(await stuckRuns(world)).toEqual([]);
});

test('a start that meets a claim of an empty lane is not left behind', async () => {
  const { id } = await starts('cancelled');
  expect(await cancelRunForStory(world, tenant, id)).toBe('ended');
  const claiming = await TenantSession.open(world, tenant);
  expect(await claimIn(claiming, 1, worker)).toMatchObject({ status: 'empty' });
  const starting = await TenantSession.open(world, tenant);
  const started = startIn(starting, person, 'second');
  await starting.isWaiting();
  await claiming.commit();
  await started;
  await starting.commit();
  expect(await laneOf(world, tenant)).toMatchObject({ hasTicket: true, busyRunId: null });
  expect(await stuckRuns(world)).toEqual([]);
});

test('a start that is rolled back leaves no run and no ticket', async () => {
  const starting = await TenantSession.open(world, tenant);
  await startIn(starting, person, 'never');
  await starting.rollback();
  expect(await laneOf(world, tenant)).toEqual({ ticketNo: 0, hasTicket: false, busyRunId: null });
  const { rowCount } = await world.asAdmin('select 1 from runs where tenant_id = $1', [tenant]);
  expect(rowCount).toBe(0);
});

test('a ticket of another number does nothing while the good one waits', async () => {
  const { id } = await starts('first');
  for (const ticketNo of [0, 2]) {
    const answer = await inSession((session) => claimIn(session, ticketNo, worker));
    expect(answer, `ticket ${ticketNo}`).toMatchObject({ status: 'stale', run: null });
  }
  const { run } = await inSession((session) => claimIn(session, 1, worker));
  expect(run?.id).toBe(id);
});

test('a ticket that was used does nothing, nor one of another number', async () => {
  const run = await begins('first');
  for (const ticketNo of [0, 1, 2, 99]) {
    const answer = await inSession((session) => claimIn(session, ticketNo, worker));
    expect(answer, `ticket ${ticketNo}`).toMatchObject({ status: 'stale', run: null });
  }
  await inSession((session) => endIn(session, run, 'ended', worker));
  expect(await inSession((session) => claimIn(session, 1, worker))).toMatchObject({
    status: 'stale',
  });
  expect(await laneOf(world, tenant)).toEqual({ ticketNo: 1, hasTicket: false, busyRunId: null });
});

test('two workers with the same ticket: one gets the run', async () => {
  await starts('first');
  const one = await TenantSession.open(world, tenant);
  const other = await TenantSession.open(world, tenant);
  expect(await claimIn(one, 1, worker)).toMatchObject({ status: 'claimed' });
  const second = claimIn(other, 1, worker);
  await other.isWaiting();
  await one.commit();
  expect(await second).toMatchObject({ status: 'stale' });
  await other.commit();
});

test('a worker that was declared dead gets no run, and the ticket stays good', async () => {
  await starts('first');
  const dead = await hasHandWorker(world);
  await world.asAdmin('delete from workers where id = $1', [dead]);
  expect(await inSession((session) => claimIn(session, 1, dead))).toMatchObject({ status: 'dead' });
  expect(await inSession((session) => claimIn(session, 1, worker))).toMatchObject({
    status: 'claimed',
  });
});

test('a cancel that meets the claim of its run tells the worker to stop', async () => {
  const { id } = await starts('first');
  const claiming = await TenantSession.open(world, tenant);
  await claimIn(claiming, 1, worker);
  const cancelling = await TenantSession.open(world, tenant);
  const cancelled = cancelling.sql('select cancel_run($1) as state', [id]);
  await cancelling.isWaiting();
  await claiming.commit();
  expect(await cancelled).toEqual([{ state: 'stopping' }]);
  await cancelling.commit();
  expect(await world.run(tenant, id)).toMatchObject({ phase: 'running' });
});

test('a claim that meets the cancel of its run finds nothing', async () => {
  const { id } = await starts('first');
  const cancelling = await TenantSession.open(world, tenant);
  expect(await cancelling.sql('select cancel_run($1) as state', [id])).toEqual([
    { state: 'ended' },
  ]);
  const claiming = await TenantSession.open(world, tenant);
  const claim = claimIn(claiming, 1, worker);
  await claiming.isWaiting();
  await cancelling.commit();
  expect(await claim).toMatchObject({ status: 'empty' });
  await claiming.commit();
  expect(await laneOf(world, tenant)).toMatchObject({ hasTicket: false, busyRunId: null });
});

test('a run that is requeued waits behind the runs that came meanwhile', async () => {
  const long = await begins('long');
  const { id } = await starts('short');
  await inSession((session) => endIn(session, long, 'queued', worker));
  const { run } = await inSession((session) => claimIn(session, 2, worker));
  expect(run?.id).toBe(id);
});

test('a lane whose only run waits has its ticket for then; a start gets an earlier', async () => {
  const run = await begins('waits');
  await inSession((session) =>
    session.sql(
      `select end_slice($1, $2, 'queued', null, 'graph.throttled', now() + interval '1 hour', 0,
        false, $3)`,
      [run.id, run.fence, worker],
    ),
  );
  const early = await inSession((session) => claimIn(session, 2, worker));
  expect(early).toMatchObject({ status: 'empty' });
  expect(await laneOf(world, tenant)).toMatchObject({ ticketNo: 3, hasTicket: true });
  const { id } = await starts('now');
  const { run: next } = await inSession((session) => claimIn(session, 4, worker));
  expect(next?.id).toBe(id);
});
