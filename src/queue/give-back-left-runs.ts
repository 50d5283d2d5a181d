import { sql } from 'kysely';
import { recordAudit, SYSTEM_ACTOR } from '../audit/record-audit.ts';
import type { Db } from '../db/db.ts';
import { asSystem } from '../db/system-tx.ts';
import { inTenant } from '../db/tenant-tx.ts';
import type { RunId, TenantId, WorkerId } from '../kernel/ids.ts';

/** A run that is left so often cannot be ended in the usual way: a defect, and it must not go on. */
const LEFT_MAX = 10;

interface LeftRun {
  readonly tenant_id: TenantId;
  readonly id: RunId;
  readonly fence: number;
  readonly attempts: number;
}

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
  seenBefore: ReadonlySet<RunId>,
): Promise<Set<RunId>> {
  const running = await asSystem(db, ({ system }) =>
    system
      .selectFrom('runs')
      .select(['tenant_id', 'id', 'fence', 'attempts'])
      .where('worker_id', '=', workerId)
      .where('phase', '=', 'running')
      .execute(),
  );
  const left = running.filter((run) => !isWorking(run.id));
  for (const run of left.filter((run) => seenBefore.has(run.id))) {
    await requeue(db, run, workerId);
  }
  return new Set(left.map((run) => run.id));
}

async function requeue(db: Db, run: LeftRun, workerId: WorkerId): Promise<void> {
  const attempts = run.attempts + 1;
  const isHopeless = attempts >= LEFT_MAX;
  await inTenant(db, run.tenant_id, async (tx) => {
    await sql`select leave_slice(${run.id}, ${run.fence})`.execute(tx.db);
    if (isHopeless) {
      await recordAudit(tx, SYSTEM_ACTOR, {
        action: 'run.ended',
        subject: { kind: 'run', id: run.id },
        details: { outcome: 'failed', code: 'internal' },
      });
    }
    await sql`select end_slice(${run.id}, ${run.fence}, ${isHopeless ? 'ended' : 'queued'},
      ${isHopeless ? 'failed' : null}, ${isHopeless ? 'internal' : null}, null, ${attempts}, false,
      ${workerId})`.execute(tx.db);
  });
}
