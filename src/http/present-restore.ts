import type { Restore, RestoreDetail } from '../api/restores.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { TenantId } from '../kernel/ids.ts';
import type { Restore as StoredRestore } from '../restores/find-restore.ts';
import type { RestoreRow } from '../restores/list-restores.ts';
import { findStaleness } from '../restores/planning/find-staleness.ts';
import { restoreLinks } from './links.ts';
import { instantOf } from './present-run.ts';
import { reasonOf } from './reason-of.ts';

/** A restore as clients see it in a list. */
export function presentRestore(row: RestoreRow, tenantId: TenantId): Restore {
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    source: { kind: row.source_kind, backupId: row.backup_id },
    madeBy: row.made_by,
    createdAt: row.created_at.toISOString(),
    previewRunId: row.plan_run_id,
    previewedAt: instantOf(row.planned_at),
    links: restoreLinks(tenantId, row.id),
  };
}

/** One restore, with what its preview is worth now. */
export async function presentRestoreDetail(
  tx: TenantTx,
  restore: StoredRestore,
): Promise<RestoreDetail> {
  const stale = await findStaleness(tx, restore);
  return {
    ...presentRestore(restore, tx.tenantId),
    selection: restore.selection,
    options: restore.options,
    mapping: restore.mapping,
    fingerprint: restore.fingerprint?.toString('hex') ?? null,
    stale: stale.map(reasonOf).filter((reason) => reason !== null),
    counts: restore.item_counts,
  };
}
