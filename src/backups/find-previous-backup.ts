import type { TenantTx } from '../db/tenant-tx.ts';
import type { BackupId } from '../kernel/ids.ts';

/** The last finished backup before this one, to compare it with; ids sort by time. */
export async function findPreviousBackup(
  tx: TenantTx,
  backupId: BackupId,
): Promise<BackupId | undefined> {
  const row = await tx.db
    .selectFrom('backups')
    .select('id')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '<', backupId)
    .where('state', '<>', 'building')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}
