import { type Backup, type BackupItem, backupItemSchema, backupSchema } from '../../api/backups.ts';
import { versionDetailSchema } from '../../api/versions.ts';
import { AppError } from '../../kernel/errors.ts';
import type { RunId, TenantId } from '../../kernel/ids.ts';
import type { ApiClient } from '../client/api-client.ts';

/** A policy of which the later backup holds another version. */
export interface ChangedPolicy {
  readonly before: BackupItem;
  readonly after: BackupItem;
}

/** What one backup holds compared with the one before it. */
export interface Comparison {
  readonly changed: readonly ChangedPolicy[];
  readonly gone: readonly BackupItem[];
  readonly added: readonly BackupItem[];
  readonly unchanged: number;
}

/** The items of the backup that a run made. */
export async function readBackupOf(
  api: ApiClient,
  tenantId: TenantId,
  runId: RunId,
): Promise<{ backup: Backup; items: BackupItem[] }> {
  for await (const backup of api.list(`/api/tenants/${tenantId}/backups`, backupSchema)) {
    if (backup.runId !== runId) continue;
    return { backup, items: await Array.fromAsync(api.list(backup.links.items, backupItemSchema)) };
  }
  throw new AppError('internal', { missing: 'backup' });
}

/** By content: two versions are the same when their hashes are. */
export function compareItems(
  before: readonly BackupItem[],
  after: readonly BackupItem[],
): Comparison {
  const earlier = new Map(before.map((item) => [item.policyId, item]));
  const later = new Set(after.map((item) => item.policyId));
  const changed: ChangedPolicy[] = [];
  const added: BackupItem[] = [];
  for (const item of after) {
    const was = earlier.get(item.policyId);
    if (was === undefined) added.push(item);
    else if (was.contentHash !== item.contentHash) changed.push({ before: was, after: item });
  }
  const gone = before.filter((item) => !later.has(item.policyId));
  return { changed, gone, added, unchanged: after.length - changed.length - added.length };
}

/** The body of a version, whose hash the server has verified. */
export async function readBody(api: ApiClient, item: BackupItem): Promise<unknown> {
  return (await api.get(item.links.version, versionDetailSchema)).body;
}
