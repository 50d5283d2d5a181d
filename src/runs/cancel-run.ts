import { sql } from 'kysely';
import { type Actor, recordAudit } from '../audit/record-audit.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { AppError } from '../kernel/errors.ts';
import type { RunId, UserId } from '../kernel/ids.ts';
import { notifyRunEnded } from '../notifications/read-notifications.ts';

/** `ended`: it had not begun and never will. `stopping`: its worker ends it at the next item. */
export type CancelState = 'ended' | 'stopping';

/**
 * Cancels a run of this tenant; the caller has checked the capability. Repeating it while the run
 * stops is harmless.
 * @throws AppError run.ended
 */
export async function cancelRun(tx: TenantTx, id: RunId, actor: Actor): Promise<CancelState> {
  const { rows } = await sql<{ state: CancelState | null }>`
    select cancel_run(${id}) as state`.execute(tx.db);
  const state = rows[0]?.state ?? null;
  if (state === null) throw new AppError('run.ended', { runId: id });
  if (state === 'ended') await notifyRunEnded(tx, id);
  await recordAudit(tx, actor, {
    action: state === 'ended' ? 'run.cancelled' : 'run.cancel_requested',
    subject: { kind: 'run', id },
  });
  return state;
}

/**
 * Whether this person may take the run back as their own: started by them and asked for by nobody
 * else, for whoever joined it counts on it too.
 */
export async function isOwnRun(tx: TenantTx, id: RunId, userId: UserId): Promise<boolean> {
  const requesters = await tx.db
    .selectFrom('run_requesters')
    .select('user_id')
    .where('tenant_id', '=', tx.tenantId)
    .where('run_id', '=', id)
    .limit(2)
    .execute();
  return requesters.length === 1 && requesters[0]?.user_id === userId;
}
