import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inTenant } from '../src/db/tenant-tx.ts';
import type { TenantId, WorkerId } from '../src/kernel/ids.ts';
import { type ClaimedRun, claimSlice } from '../src/queue/claim-slice.ts';
import { endSlice } from '../src/queue/end-slice.ts';
import { fetchPending } from '../src/queue/fetch-pending.ts';
import { giveBackLeftRuns } from '../src/queue/give-back-left-runs.ts';
import { mendLanes } from '../src/queue/mend-lanes.ts';
import { releaseDeadWorkers } from '../src/queue/release-dead-workers.ts';
import { cancelRunForStory } from './setup/cancel.ts';
import { countingRun } from './setup/counting-run.ts';
import { hasHandWorker, laneOf } from './setup/lane-story.ts';
import { createQueueWorld, QueueWorld } from './setup/queue-fixture.ts';

const TENANTS = 2_000;
const ENDED = 30_000;
const QUEUED = 5_000;
/** Sessions report what they read when they are gone. */
const OPEN = `select 1 from pg_stat_activity
  where datname = current_database() and application_name = 'tenantatlas'`;

let world: QueueWorld;
/** The same, with sessions of its own: they say what they read when they are closed. */
let used: QueueWorld;
let tenant: TenantId;
let worker: WorkerId;

beforeAll(async () => {
  world = await createQueueWorld([countingRun]);
  await world.asAdmin(
    `insert into tenants (id, name) select gen_random_uuid(), 'old ' || n
      from generate_series(1, ${TENANTS}) n`,
  );
  await world.asAdmin(
    `with given as (select row_number() over (order by id) - 1 as n, id from tenants)
      insert into runs (tenant_id, id, type, target, input, input_hash, lane, phase, outcome,
        initiator_kind, initiator_label, ended_at)
      select g.id, gen_random_uuid(), 'test.count', 'count:' || s, '{}', sha256('a'), 'bulk',
        case when s <= ${ENDED} then 'ended' else 'queued' end,
        case when s <= ${ENDED} then 'succeeded' end, 'schedule', 'nightly',
        case when s <= ${ENDED} then now() end
      from generate_series(1, ${ENDED + QUEUED}) s join given g on g.n = s % ${TENANTS}`,
  );
  await world.asAdmin(`do $$ begin
    set local session_replication_role = replica; -- these runs are nobody's, so nobody has a fence
    insert into run_items (tenant_id, run_id, seq, subject_kind, subject_id, label)
      select r.tenant_id, r.id, n, 'number', n::text, ''
      from (select tenant_id, id from runs where phase = 'queued' limit 500) r,
        generate_series(1, 60) n;
    insert into notifications (tenant_id, id, user_id, run_id, state)
      select tenant_id, gen_random_uuid(), gen_random_uuid(), id, 'ended' from runs;
  end $$`);
  await world.asAdmin(
    `insert into lanes (tenant_id, lane, ticket_no, ticket_at)
      select id, lane, 1, now() + interval '1 hour'
      from tenants, unnest(array['bulk', 'interactive']) lane`,
  );
  await world.asAdmin('analyze');
  used = new QueueWorld(world.database, [countingRun]);
  tenant = await used.hasTenant();
  worker = await hasHandWorker(used);
});
afterAll(() => world.close());

test('what every run costs reads no table from end to end', async () => {
  const before = await scans();
  for (let index = 0; index < 5; index += 1) {
    const run = await begins(`run ${index}`);
    await works(run);
    const next = { goOn: true, workerId: worker };
    const ending = { phase: 'ended', outcome: 'by_items' } as const;
    await endSlice(used.db, used.runTypes, run, ending, next);
  }
  const { id } = await used.starts(tenant, null, countingRun, { name: 'c', count: 1, itemMs: 0 });
  await cancelRunForStory(used, tenant, id);
  await mendLanes(used.db, false, used.log);
  await releaseDeadWorkers(used.db, 60_000, used.log);
  await giveBackLeftRuns(used.db, worker, () => false, new Set(), used.log);
  await used.db.close();
  await world.until(
    () => world.asAdmin(OPEN),
    (answer) => answer.rowCount === 0,
  );
  expect(await scans()).toEqual(before);
});

async function begins(name: string): Promise<ClaimedRun> {
  await used.starts(tenant, null, countingRun, { name, count: 1, itemMs: 0 });
  await used.starts(tenant, null, countingRun, { name, count: 1, itemMs: 0 });
  const { ticketNo } = await laneOf(used, tenant, 'bulk');
  const ticket = { tenantId: tenant, lane: 'bulk' as const, ticketNo };
  const claim = await claimSlice(used.db, used.runTypes, ticket, worker);
  if (claim.status !== 'claimed') throw new Error(`the ticket was ${claim.status}`);
  return claim.run;
}

/** Adds an item, fetches it, and writes its outcome. */
async function works(run: ClaimedRun): Promise<void> {
  await inTenant(used.db, tenant, async (tx) => {
    await sql`select enter_slice(${run.id}, ${run.fence}, '{operator}')`.execute(tx.db);
    await sql`select add_run_items(${run.id}, ${run.fence}, '[{"kind": "number", "id": "1",
      "label": "", "discovers": false, "outcome": "pending"}]')`.execute(tx.db);
    await sql`select mark_suspects(${run.id}, 54)`.execute(tx.db);
    expect(await fetchPending({ ...tx, runId: run.id }, [])).toHaveLength(1);
    await sql`select checkpoint_items(${run.id}, ${run.fence}, '[{"seq": 1, "outcome": "succeeded",
      "attempts": 0, "endedAt": "2026-01-01T00:00:00Z"}]', 1, 0, 0, true)`.execute(tx.db);
  });
}

/** How often each table was read from end to end, as its sessions have reported by now. */
async function scans(): Promise<Record<string, number>> {
  const { rows } = await world.asAdmin(
    `select relname, seq_scan::integer from pg_stat_user_tables
      where relname in ('runs', 'run_items', 'lanes', 'notifications') order by relname`,
  );
  return Object.fromEntries(rows.map((row) => [row.relname, row.seq_scan]));
}
