import { sql } from 'kysely';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { BackupId } from '../kernel/ids.ts';

/**
 * The last finished backup of the same selection before this one, to compare it with: what another
 * selection leaves out is no change. Ids sort by time. Undefined when it is the first.
 */
export async function findPreviousBackup(
  tx: TenantTx,
  backupId: BackupId,
): Promise<BackupId | undefined> {
  const { rows } = await sql<{ id: BackupId }>`
    select p.id from backups p
    where p.tenant_id = ${tx.tenantId} and p.id < ${backupId} and p.state <> 'building'
      and p.selection_hash = (select b.selection_hash from backups b
        where b.tenant_id = ${tx.tenantId} and b.id = ${backupId})
      and p.selection = (select b.selection from backups b
        where b.tenant_id = ${tx.tenantId} and b.id = ${backupId})
    order by p.id desc limit 1`.execute(tx.db);
  return rows[0]?.id;
}
