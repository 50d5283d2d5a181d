import type { Lane } from '../../src/db/tables/runs.ts';
import {
  newId,
  type RunId,
  type TenantId,
  type UserId,
  type WorkerId,
  workerIdSchema,
} from '../../src/kernel/ids.ts';
import { registerWorker } from '../../src/queue/heartbeat.ts';
import { startRun } from '../../src/runs/start-run.ts';
import { countingRun } from './counting-run.ts';
import type { QueueWorld } from './queue-fixture.ts';
import type { TenantSession } from './tenant-session.ts';

/** A lane as its row says. */
export interface LaneState {
  readonly ticketNo: number;
  readonly hasTicket: boolean;
  readonly busyRunId: RunId | null;
}

export interface ClaimAnswer {
  readonly status: string;
  readonly run: { readonly id: RunId; readonly fence: number } | null;
}

/** A worker without a process: it beats once, and the test moves its hands. */
export async function hasHandWorker(world: QueueWorld): Promise<WorkerId> {
  const id = newId(workerIdSchema);
  await registerWorker(world.db, id, `engine of ${id}`);
  return id;
}

export async function laneOf(
  world: QueueWorld,
  tenantId: TenantId,
  lane: Lane = 'interactive',
): Promise<LaneState> {
  const { rows } = await world.asAdmin(
    'select ticket_no, ticket_at, busy_run_id from lanes where tenant_id = $1 and lane = $2',
    [tenantId, lane],
  );
  const row = rows[0];
  return {
    ticketNo: Number(row?.ticket_no ?? 0),
    hasTicket: row !== undefined && row.ticket_at !== null,
    busyRunId: row?.busy_run_id ?? null,
  };
}

/** Queued runs in lanes that have no way on: there must never be one. */
export async function stuckRuns(world: QueueWorld): Promise<RunId[]> {
  const { rows } = await world.asAdmin(
    `select r.id from runs r
      left join lanes l on l.tenant_id = r.tenant_id and l.lane = r.lane
      where r.phase = 'queued' and l.busy_run_id is null and (l.ticket_at is null
        or l.ticket_at > greatest(r.run_at, now()) or not exists (
          select 1 from graphile_worker.jobs j
          where j.key = 'lane/' || l.tenant_id || '/' || l.lane || '/' || l.ticket_no))`,
  );
  return rows.map((row) => row.id);
}

/** Starts in an open transaction; by nobody (a schedule) it waits in the bulk lane. */
export function startIn(session: TenantSession, userId: UserId | null, name: string) {
  const kind = userId === null ? ('schedule' as const) : ('user' as const);
  const initiator = { kind, id: userId, label: 'a person', userId };
  return startRun(session.tx, countingRun, { name, count: 1, itemMs: 0 }, initiator);
}

export async function claimIn(
  session: TenantSession,
  ticketNo: number,
  workerId: WorkerId,
  lane: Lane = 'interactive',
): Promise<ClaimAnswer> {
  const rows = await session.sql<ClaimAnswer>('select * from claim_run($1, $2, $3)', [
    lane,
    ticketNo,
    workerId,
  ]);
  if (rows[0] === undefined) throw new Error('claim_run returned no row');
  return rows[0];
}

/** Ends a slice: `ended` as succeeded, or `queued` for the next one. */
export async function endIn(
  session: TenantSession,
  run: { readonly id: RunId; readonly fence: number },
  phase: 'ended' | 'queued',
  workerId: WorkerId,
): Promise<void> {
  await session.sql('select end_slice($1, $2, $3, $4, null, null, 0, false, $5)', [
    run.id,
    run.fence,
    phase,
    phase === 'ended' ? 'succeeded' : null,
    workerId,
  ]);
}

/** Resolves once a statement in this database waits for a lock that another session holds. */
export async function someoneWaits(world: QueueWorld): Promise<void> {
  await world.until(
    () =>
      world.asAdmin(
        `select 1 from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`,
      ),
    (answer) => answer.rowCount === 1,
    5_000,
  );
}
