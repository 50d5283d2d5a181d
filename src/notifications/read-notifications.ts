import { sql } from 'kysely';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { NotificationId, RunId, UserId } from '../kernel/ids.ts';

/** Marks one person's notifications as read; answers how many were not before. */
export async function readNotifications(
  tx: TenantTx,
  userId: UserId,
  ids: readonly NotificationId[],
): Promise<number> {
  const updated = await tx.db
    .updateTable('notifications')
    .set({ read_at: sql<Date>`clock_timestamp()` })
    .where('tenant_id', '=', tx.tenantId)
    .where('user_id', '=', userId)
    .where('id', 'in', ids)
    .where('read_at', 'is', null)
    .executeTakeFirst();
  return Number(updated.numUpdatedRows);
}

/** A run has ended: everyone who asked for it is told, as something unread. */
export async function notifyRunEnded(tx: TenantTx, runId: RunId): Promise<void> {
  await tx.db
    .updateTable('notifications')
    .set({ state: 'ended', updated_at: sql<Date>`clock_timestamp()`, read_at: null })
    .where('tenant_id', '=', tx.tenantId)
    .where('run_id', '=', runId)
    .execute();
}
