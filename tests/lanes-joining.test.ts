import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RunId, TenantId, UserId, WorkerId } from '../src/kernel/ids.ts';
import { type ClaimedRun, claimSlice } from '../src/queue/claim-slice.ts';
import { endSlice } from '../src/queue/end-slice.ts';
import { cancelRunForStory } from './setup/cancel.ts';
import { countingRun } from './setup/counting-run.ts';
import {
  claimIn,
  hasHandWorker,
  laneOf,
  someoneWaits,
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

async function begins(lane: 'interactive' | 'bulk'): Promise<ClaimedRun> {
  const { ticketNo } = await laneOf(world, tenant, lane);
  const ticket = { tenantId: tenant, lane, ticketNo };
  const claim = await claimSlice(world.db, world.runTypes, ticket, worker);
  if (claim.status !== 'claimed') throw new Error(`the ticket was ${claim.status}`);
  return claim.run;
}

const ends = (run: ClaimedRun) =>
  endSlice(
    world.db,
    world.runTypes,
    run,
    { phase: 'ended', outcome: 'by_items' },
    { goOn: false, workerId: worker },
  );

async function toldStates(runId: RunId): Promise<string[]> {
  const { rows } = await world.asAdmin(
    'select state from notifications where run_id = $1 order by id',
    [runId],
  );
  return rows.map((row) => row.state);
}

test('a joiner whose request commits while the run ends is told of the end', async () => {
  const other = await world.hasPerson(tenant);
  const { id } = await world.starts(tenant, person, countingRun, {
    name: 'a',
    count: 1,
    itemMs: 0,
  });
  const run = await begins('interactive');
  const joining = await TenantSession.open(world, tenant);
  expect(await startIn(joining, other, 'a')).toEqual({ id, wasReused: true });
  const ending = ends(run);
  await someoneWaits(world);
  await joining.commit();
  await ending;
  expect(await toldStates(id)).toEqual(['ended', 'ended']);
});

test('a request that comes while the run ends waits, and begins a new run', async () => {
  const started = await world.starts(tenant, person, countingRun, {
    name: 'b',
    count: 1,
    itemMs: 0,
  });
  const run = await begins('interactive');
  const ending = await TenantSession.open(world, tenant);
  await ending.sql(`select end_slice($1, $2, 'ended', 'succeeded', null, null, 0, false, $3)`, [
    run.id,
    run.fence,
    worker,
  ]);
  const joining = await TenantSession.open(world, tenant);
  const joined = startIn(joining, person, 'b');
  await joining.isWaiting();
  await ending.commit();
  const { id, wasReused } = await joined;
  await joining.commit();
  expect({ isNew: id !== started.id, wasReused }).toEqual({ isNew: true, wasReused: false });
  expect(await stuckRuns(world)).toEqual([]);
  await cancelRunForStory(world, tenant, id);
});

test('a person who joins a queued bulk run brings it into the interactive lane', async () => {
  const { id } = await world.starts(tenant, null, countingRun, { name: 'c', count: 1, itemMs: 0 });
  expect(await world.run(tenant, id)).toMatchObject({ lane: 'bulk' });
  const joining = await TenantSession.open(world, tenant);
  await startIn(joining, person, 'c');
  // The bulk lane's ticket waits for the join and then finds nothing.
  const claiming = await TenantSession.open(world, tenant);
  const { ticketNo } = await laneOf(world, tenant, 'bulk');
  const claim = claimIn(claiming, ticketNo, worker, 'bulk');
  await claiming.isWaiting();
  await joining.commit();
  expect(await claim).toMatchObject({ status: 'empty' });
  await claiming.commit();
  expect(await laneOf(world, tenant, 'bulk')).toMatchObject({ hasTicket: false, busyRunId: null });
  expect((await begins('interactive')).id).toBe(id);
});

test('a bulk run that is being claimed is joined where it is', async () => {
  const { id } = await world.starts(tenant, null, countingRun, { name: 'd', count: 1, itemMs: 0 });
  const { ticketNo } = await laneOf(world, tenant, 'bulk');
  const claiming = await TenantSession.open(world, tenant);
  expect(await claimIn(claiming, ticketNo, worker, 'bulk')).toMatchObject({ status: 'claimed' });
  const joining = await TenantSession.open(world, tenant);
  const joined = startIn(joining, person, 'd');
  await joining.isWaiting();
  await claiming.commit();
  expect(await joined).toEqual({ id, wasReused: true });
  await joining.commit();
  expect(await world.run(tenant, id)).toMatchObject({ lane: 'bulk', phase: 'running' });
  expect(await laneOf(world, tenant, 'bulk')).toMatchObject({ busyRunId: id });
  expect(await toldStates(id)).toEqual(['running']);
});

test('a bulk run that waits for Graph is joined, and waits as long as Graph said', async () => {
  const { id } = await world.starts(tenant, null, countingRun, { name: 'e', count: 1, itemMs: 0 });
  await world.asAdmin(
    `update runs set code = 'graph.throttled', run_at = now() + interval '1 hour' where id = $1`,
    [id],
  );
  await world.starts(tenant, person, countingRun, { name: 'e', count: 1, itemMs: 0 });
  const run = await world.run(tenant, id);
  expect(run.lane).toBe('interactive');
  expect(run.run_at.getTime()).toBeGreaterThan(Date.parse(String(run.created_at)) + 3_000_000);
});

test('a cancel that meets a join neither deadlocks nor leaves the run behind', async () => {
  const { id } = await world.starts(tenant, null, countingRun, { name: 'f', count: 1, itemMs: 0 });
  await world.asAdmin('update runs set started_at = now() where id = $1', [id]);
  const joining = await TenantSession.open(world, tenant);
  await startIn(joining, person, 'f');
  const cancelling = await TenantSession.open(world, tenant);
  const cancelled = cancelling.sql('select cancel_run($1) as state', [id]);
  await cancelling.isWaiting();
  await joining.commit();
  expect(await cancelled).toEqual([{ state: 'stopping' }]);
  // Its lane is the cancel's now, whichever it is: a claim waits rather than deadlocks.
  const claiming = await TenantSession.open(world, tenant);
  const { ticketNo } = await laneOf(world, tenant, 'interactive');
  const claim = claimIn(claiming, ticketNo, worker);
  await claiming.isWaiting();
  await cancelling.commit();
  expect((await claim).status).toMatch(/stale|claimed/);
  await claiming.commit();
  expect(await stuckRuns(world)).toEqual([]);
});
