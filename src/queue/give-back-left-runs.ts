import { sql } from 'kysely';
import type { Db } from '../db/db.ts';
import { asSystem } from '../db/system-tx.ts';
import { inTenant } from '../db/tenant-tx.ts';
import type { RunId, WorkerId } from '../kernel/ids.ts';
import { careForEach } from './care-for-each.ts';
import type { QueueLog } from './log.ts';

/** A run and the slice that left it: `id/fence`. */
export type LeftRun = `${RunId}/${number}`;

/**
 * Caretaker of this process's own: a slice whose last transaction failed, because the database was
 * away, leaves its run running under a worker that lives. Only runs that were left already one
 * round ago are given back: a claim of this moment is not in `isWorking` yet.
 * @returns the runs seen now, for the next round
 */
export async function giveBackLeftRuns(
  db: Db,
  workerId: WorkerId,
  isWorking: (runId: RunId) => boolean,
  seenBefore: ReadonlySet<LeftRun>,
  log: QueueLog,
): Promise<Set<LeftRun>> {
  const running = await asSystem(db, ({ system }) =>
    system
      .selectFrom('runs')
      .select(['tenant_id', 'id', 'fence'])
      .where('worker_id', '=', workerId)
      .where('phase', '=', 'running')
      .execute(),
  );
  const left = running.filter((run) => !isWorking(run.id));
  const leftBefore = left.filter((run) => seenBefore.has(`${run.id}/${run.fence}`));
  await careForEach(leftBefore, log, (run) =>
    inTenant(db, run.tenant_id, async (tx) => {
      await sql`select take_back(${run.id}, ${run.fence}, ${workerId})`.execute(tx.db);
      return true;
    }),
  );
  return new Set(left.map((run): LeftRun => `${run.id}/${run.fence}`));
}
