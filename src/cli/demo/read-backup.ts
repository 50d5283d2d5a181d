import { type Backup, type BackupItem, backupItemSchema, backupSchema } from '../../api/backups.ts';
import { AppError } from '../../kernel/errors.ts';
import type { RunId, TenantId } from '../../kernel/ids.ts';
import type { ApiClient } from '../client/api-client.ts';

export interface BackupWithItems {
  readonly backup: Backup;
  readonly items: readonly BackupItem[];
}

/** The backup that a run made, with its items. */
export async function readBackupOf(
  api: ApiClient,
  tenantId: TenantId,
  runId: RunId,
): Promise<BackupWithItems> {
  for await (const backup of api.list(`/api/tenants/${tenantId}/backups`, backupSchema)) {
    if (backup.runId !== runId) continue;
    return { backup, items: await Array.fromAsync(api.list(backup.links.items, backupItemSchema)) };
  }
  throw new AppError('internal', { missing: 'backup' });
}
