import { sql } from 'kysely';
import type { Db } from '../db/db.ts';
import { asSystem } from '../db/system-tx.ts';
import { inTenant } from '../db/tenant-tx.ts';
import type { RunId, TenantId } from '../kernel/ids.ts';
import { careForEach } from './care-for-each.ts';
import type { QueueLog } from './log.ts';

interface Orphan {
  readonly tenant_id: TenantId;
  readonly id: RunId;
  readonly fence: number;
}

/** Runs taken back in one round; more wait for the next. */
const ORPHANS_MAX = 500;

/**
 * Caretaker: declares silent workers dead, frees their jobs, and gives their runs back to their
 * lanes under a new fence. Safe on many machines at once: every step is guarded, and a crash
 * between two of them leaves orphans that the next round finds.
 * @returns how many runs were taken over
 */
export async function releaseDeadWorkers(
  db: Db,
  deadAfterMs: number,
  log: QueueLog,
): Promise<number> {
  const orphans = await asSystem(db, async ({ system }) => {
    const dead = await sql<{ engine_id: string }>`
      delete from workers where beat_at < clock_timestamp() - ${deadAfterMs} * interval '1 ms'
      returning engine_id`.execute(system);
    if (dead.rows.length > 0) {
      const engineIds = dead.rows.map((worker) => worker.engine_id);
      await sql`select release_jobs(${engineIds})`.execute(system);
    }
    const { rows } = await sql<Orphan>`
      select r.tenant_id, r.id, r.fence from runs r
      where r.phase = 'running' and not exists (select 1 from workers w where w.id = r.worker_id)
      order by r.tenant_id, r.lane limit ${ORPHANS_MAX}`.execute(system);
    return rows;
  });
  return careForEach(orphans, log, ({ tenant_id, id, fence }) =>
    inTenant(db, tenant_id, async (tx) => {
      const { rows } = await sql<{ taken: boolean }>`
        select take_back(${id}, ${fence}, null) as taken`.execute(tx.db);
      return rows[0]?.taken === true;
    }),
  );
}
