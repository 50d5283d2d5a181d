import {
  backupPairList,
  compareBackups,
  type PolicyChange,
} from '../../backups/compare-backups.ts';
import { findPreviousBackup } from '../../backups/find-previous-backup.ts';
import type { Db } from '../../db/db.ts';
import { inTenant, type TenantTx } from '../../db/tenant-tx.ts';
import { AppError } from '../../kernel/errors.ts';
import type { BackupId, TenantId } from '../../kernel/ids.ts';

/** What one backup says that the one before it did not. */
export interface Changes {
  /** Everything but what is unchanged, in the order of the policies' ids. */
  readonly found: readonly PolicyChange[];
  readonly unchanged: number;
  /** Names of the groups that assignments may point to, by id. */
  readonly groupNames: ReadonlyMap<string, string>;
}

const PAGE = 50;

/** Compares a backup with the one before it, to the end, a page in a transaction. */
export async function readChanges(
  db: Db,
  tenantId: TenantId,
  backupId: BackupId,
): Promise<Changes> {
  const before = await inTenant(db, tenantId, (tx) => findPreviousBackup(tx, backupId));
  if (before === undefined) throw new AppError('internal', { missing: 'previous backup' });
  const pair = { before, after: backupId };
  const found: PolicyChange[] = [];
  let unchanged = 0;
  let after: [string] | undefined;
  do {
    const request = { after, limit: PAGE };
    const page = await inTenant(db, tenantId, (tx) => compareBackups(tx, pair, request));
    const changes = page.rows.filter(({ kind }) => kind !== 'unchanged');
    found.push(...changes);
    unchanged += page.rows.length - changes.length;
    after = page.next === null ? undefined : backupPairList.key.parse(page.next);
  } while (after !== undefined);
  return { found, unchanged, groupNames: await inTenant(db, tenantId, readGroupNames) };
}

async function readGroupNames(tx: TenantTx): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.db
    .selectFrom('directory_groups')
    .select(['graph_id', 'name'])
    .where('tenant_id', '=', tx.tenantId)
    .execute();
  return new Map(rows.map((row) => [row.graph_id, row.name]));
}
