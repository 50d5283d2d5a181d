import { sql } from 'kysely';
import type { Db } from '../db/db.ts';
import { asSystem } from '../db/system-tx.ts';
import type { Lane } from '../db/tables/runs.ts';
import { inTenant } from '../db/tenant-tx.ts';
import type { TenantId } from '../kernel/ids.ts';
import { careForEach } from './care-for-each.ts';
import type { QueueLog } from './log.ts';

interface StuckLane {
  readonly tenant_id: TenantId;
  readonly lane: Lane;
  /** As it was found; guards against a lane that went on meanwhile. */
  readonly ticket_no: string;
}

/** Looked at in one round; more wait for the next. */
const LANES_MAX = 500;

/**
 * Caretaker: runs are reconciled without trusting jobs. A lane is stuck when its ticket is overdue
 * and no job carries it any more, or when the run it is busy with is not running. `isDeep` also
 * looks for queued runs in a lane without a ticket, which must never happen and costs a scan, and
 * removes tickets that the engine gave up.
 * @returns how many lanes got a way on
 */
export async function mendLanes(db: Db, isDeep: boolean, log: QueueLog): Promise<number> {
  const stuck = await asSystem(db, async ({ system }) => {
    // The oldest of either lane: the engine serves these first, so a lost one comes to be the
    // oldest however many wait alive. `now()`, for no index answers for a time that moves.
    const overdue = await sql<StuckLane>`
      select l.tenant_id, l.lane, l.ticket_no
      from unnest(array['interactive', 'bulk']) wanted (lane), lateral (
        select * from lanes where lane = wanted.lane and busy_run_id is null
          and ticket_at < now() - interval '2 seconds'
        order by ticket_at limit ${LANES_MAX}) l
      where not ticket_is_alive(l.tenant_id, l.lane, l.ticket_no)`.execute(system);
    const abandoned = await sql<StuckLane>`
      select l.tenant_id, l.lane, l.ticket_no from lanes l
      where l.busy_run_id is not null and not exists (
        select 1 from runs r where r.tenant_id = l.tenant_id and r.id = l.busy_run_id
          and r.phase = 'running')
      order by 1, 2 limit ${LANES_MAX}`.execute(system);
    const forgotten = isDeep
      ? await sql<StuckLane>`
      select distinct r.tenant_id, r.lane, coalesce(l.ticket_no, 0) as ticket_no from runs r
      left join lanes l on l.tenant_id = r.tenant_id and l.lane = r.lane
      where r.phase = 'queued' and l.ticket_at is null and l.busy_run_id is null
      order by 1, 2 limit ${LANES_MAX}`.execute(system)
      : { rows: [] };
    if (isDeep) await sql`select remove_given_up_tickets()`.execute(system);
    return [...overdue.rows, ...abandoned.rows, ...forgotten.rows];
  });
  return careForEach(stuck, log, ({ tenant_id, lane, ticket_no }) =>
    inTenant(db, tenant_id, async (tx) => {
      const { rows } = await sql<{ mended: boolean }>`
        select mend_lane(${lane}, ${ticket_no}) as mended`.execute(tx.db);
      return rows[0]?.mended === true;
    }),
  );
}
