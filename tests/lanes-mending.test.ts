import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TenantId, UserId, WorkerId } from '../src/kernel/ids.ts';
import { mendLanes } from '../src/queue/mend-lanes.ts';
import { countingRun } from './setup/counting-run.ts';
import { claimIn, hasHandWorker, laneOf, stuckRuns } from './setup/lane-story.ts';
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
/** A caretaker looks at every lane there is: those of the story before are cleared away. */
beforeEach(async () => {
  await losesItsJob();
  await world.asAdmin('update lanes set ticket_at = null, busy_run_id = null');
  await world.asAdmin('delete from runs');
  tenant = await world.hasTenant();
  person = await world.hasPerson(tenant);
});
afterAll(() => world.close());

const starts = (name: string) =>
  world.starts(tenant, person, countingRun, { name, count: 1, itemMs: 0 });

/** As a zombie's completion does: it removes whatever job bears the id that it remembers. */
const losesItsJob = () => world.asAdmin('delete from graphile_worker._private_jobs');
const isOverdue = () =>
  world.asAdmin(`update lanes set ticket_at = now() - interval '3 seconds'
    where ticket_at is not null`);
const mend = (isDeep: boolean) => mendLanes(world.db, isDeep, world.log);

test('a lane whose job a zombie removed gets a new ticket', async () => {
  await starts('a');
  await losesItsJob();
  expect(await mend(false), 'not overdue yet').toBe(0);
  await isOverdue();
  expect(await mend(false)).toBe(1);
  expect(await laneOf(world, tenant)).toMatchObject({ ticketNo: 2, hasTicket: true });
  expect(await stuckRuns(world)).toEqual([]);
});

test.each([
  ['waits for a free slot', `set locked_at = null`, 0],
  ['was fetched just now', `set locked_at = now(), locked_by = 'somebody'`, 0],
  ['was fetched long ago', `set locked_at = now() - interval '6 s', locked_by = 'somebody'`, 1],
  ['was given up by the engine', `set attempts = max_attempts`, 1],
])('an overdue ticket whose job %s is judged rightly', async (_, change, mended) => {
  await starts('a');
  await isOverdue();
  await world.asAdmin(`update graphile_worker._private_jobs ${change}`);
  expect(await mend(false)).toBe(mended);
});

test('a lane that is busy with a run that does not run is mended', async () => {
  const { id } = await starts('a');
  await world.asAdmin('update lanes set busy_run_id = $1, ticket_at = null where tenant_id = $2', [
    id,
    tenant,
  ]);
  expect(await mend(false)).toBe(1);
  expect(await laneOf(world, tenant)).toMatchObject({ hasTicket: true, busyRunId: null });
  expect(await stuckRuns(world)).toEqual([]);
});

test('a lane that is busy with a running run is left alone', async () => {
  const { id } = await starts('a');
  const claiming = await TenantSession.open(world, tenant);
  await claimIn(claiming, 1, worker);
  await claiming.commit();
  await losesItsJob();
  await isOverdue();
  expect(await mend(true)).toBe(0);
  expect(await laneOf(world, tenant)).toMatchObject({ busyRunId: id, ticketNo: 1 });
});

test('a queued run in a lane without a ticket is found by the deep look', async () => {
  await starts('a');
  await losesItsJob();
  await world.asAdmin('delete from lanes where tenant_id = $1', [tenant]);
  expect(await mend(false)).toBe(0);
  expect(await mend(true)).toBe(1);
  expect(await laneOf(world, tenant)).toMatchObject({ hasTicket: true });
  expect(await stuckRuns(world)).toEqual([]);
});

test('two caretakers mend a lane once', async () => {
  await starts('a');
  await losesItsJob();
  await isOverdue();
  const mending = await TenantSession.open(world, tenant);
  await mending.sql(`select mend_lane('interactive', 1)`);
  expect(await mend(false), 'somebody is at it').toBe(0);
  await mending.commit();
  const late = await TenantSession.open(world, tenant);
  expect(await late.sql(`select mend_lane('interactive', 1) as mended`)).toEqual([
    { mended: false },
  ]);
  await late.commit();
  expect(await laneOf(world, tenant)).toMatchObject({ ticketNo: 2, hasTicket: true });
});

test('one lane that cannot be mended keeps no other waiting', async () => {
  await starts('a');
  const other = await world.hasTenant();
  await world.starts(other, null, countingRun, { name: 'b', count: 1, itemMs: 0 });
  await losesItsJob();
  await isOverdue();
  await world.asAdmin(`create function break_lane() returns trigger language plpgsql as $$
    begin raise exception 'broken'; end $$`);
  await world.asAdmin(`create trigger break_lane before update on lanes for each row
    when (new.tenant_id = '${tenant}') execute function break_lane()`);
  expect(await mend(false)).toBe(1);
  expect(await laneOf(world, other, 'bulk')).toMatchObject({ hasTicket: true, ticketNo: 2 });
  await world.asAdmin('drop function break_lane() cascade');
});

test('jobs that the engine gave up are removed by the deep look', async () => {
  await starts('a');
  await world.asAdmin('update graphile_worker._private_jobs set attempts = max_attempts');
  await isOverdue();
  await mend(true);
  const { rows } = await world.asAdmin('select attempts from graphile_worker._private_jobs');
  expect(rows).toEqual([{ attempts: 0 }]);
});
