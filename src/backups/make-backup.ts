import { sql } from 'kysely';
import type { Outcome } from '../db/tables/runs.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { canonicalText } from '../kernel/canonical-json.ts';
import { type BackupId, backupIdSchema, type RunId } from '../kernel/ids.ts';
import type { SliceTx } from '../runs/run-type.ts';
import type { Selection } from './selection.ts';

/**
 * A backup bears the id of the run that makes it: whoever starts the run knows the backup, and a
 * slice that begins again finds it without a look-up.
 */
export function backupIdOf(runId: RunId): BackupId {
  return backupIdSchema.parse(runId);
}

/** Makes the backup's row; the first slice does, and a repeated one finds it there. */
export async function makeBackup(
  tx: SliceTx,
  backup: { readonly name: string; readonly selection: Selection; readonly madeBy: string },
): Promise<void> {
  await sql`
    insert into backups (tenant_id, id, name, selection, run_id, made_by)
    values (${tx.tenantId}, ${backupIdOf(tx.runId)}, ${backup.name},
      ${canonicalText(backup.selection)}::jsonb, ${tx.runId}, ${backup.madeBy})
    on conflict (tenant_id, id) do nothing`.execute(tx.db);
}

/**
 * Settles what a backup is worth, in the transaction that ends its run: complete only when nothing
 * that was to be in it is left out.
 */
export async function settleBackup(tx: SliceTx, outcome: Outcome): Promise<void> {
  const isComplete = outcome === 'succeeded';
  await tx.db
    .updateTable('backups')
    .set({
      state: isComplete ? 'complete' : 'incomplete',
      completed_at: isComplete ? sql`clock_timestamp()` : null,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', backupIdOf(tx.runId))
    .where('state', '=', 'building')
    .execute();
}

/** Whether the tenant has this backup. */
export async function hasBackup(tx: TenantTx, backupId: BackupId): Promise<boolean> {
  const row = await tx.db
    .selectFrom('backups')
    .select('id')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', backupId)
    .executeTakeFirst();
  return row !== undefined;
}
