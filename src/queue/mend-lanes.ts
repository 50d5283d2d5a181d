import { sql } from 'kysely';
import type { Db } from '../db/db.ts';
import { asSystem } from '../db/system-tx.ts';
import type { Lane } from '../db/tables/runs.ts';
import { inTenant } from '../db/tenant-tx.ts';
import type { TenantId } from '../kernel/ids.ts';

interface StuckLane {
  readonly tenant_id: TenantId;
  readonly lane: Lane;
}

const LANES_MAX = 500;

/**
 * Caretaker: runs are reconciled without trusting jobs. A lane is stuck when its ticket is overdue
 * and no job carries it any more, or when the run it is busy with is not running. `isDeep` also
 * looks for queued runs in a lane without a ticket, which must never happen and costs a scan.
 * @returns how many lanes got a way on
 */
export async function mendLanes(db: Db, isDeep: boolean): Promise<number> {
  const stuck = await asSystem(db, async ({ system }) => {
    const overdue = await sql<StuckLane>`
      select l.tenant_id, l.lane from lanes l
      where l.busy_run_id is null and l.ticket_at < clock_timestamp() - interval '2 seconds'
        and not ticket_is_alive(l.tenant_id, l.lane, l.ticket_no)
      order by 1, 2 limit ${LANES_MAX}`.execute(system);
    const abandoned = await sql<StuckLane>`
      select l.tenant_id, l.lane from lanes l
      where l.busy_run_id is not null and not exists (
        select 1 from runs r where r.tenant_id = l.tenant_id and r.id = l.busy_run_id
          and r.phase = 'running')
      order by 1, 2 limit ${LANES_MAX}`.execute(system);
    const forgotten = isDeep
      ? await sql<StuckLane>`
      select distinct r.tenant_id, r.lane from runs r
      where r.phase = 'queued' and not exists (
        select 1 from lanes l where l.tenant_id = r.tenant_id and l.lane = r.lane
          and (l.ticket_at is not null or l.busy_run_id is not null))
      order by 1, 2 limit ${LANES_MAX}`.execute(system)
      : { rows: [] };
    return [...overdue.rows, ...abandoned.rows, ...forgotten.rows];
  });
  let mended = 0;
  for (const lane of stuck) {
    const { rows } = await inTenant(db, lane.tenant_id, (tx) =>
      sql<{ mended: boolean }>`select mend_lane(${lane.lane}) as mended`.execute(tx.db),
    );
    if (rows[0]?.mended === true) mended += 1;
  }
  return mended;
}
