import type { Restore, RestoreDetail } from '../api/restores.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { TenantId } from '../kernel/ids.ts';
import type { Restore as StoredRestore } from '../restores/find-restore.ts';
import type { RestoreRow } from '../restores/list-restores.ts';
import { findStaleness } from '../restores/planning/find-staleness.ts';
import { findClosedGate } from '../tenants/write-gate.ts';
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
    origin:
      row.origin_kind === null || row.origin_id === null
        ? null
        : { kind: row.origin_kind, restoreId: row.origin_id },
    outcome: row.outcome,
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
    confirmed: presentConfirmation(restore),
    gate: reasonOf((await findClosedGate(tx)) ?? null),
    execution: restore.began_at && {
      runId: restore.execute_run_id,
      beganAt: restore.began_at.toISOString(),
      endedAt: instantOf(restore.ended_at),
      safetyBackupId: restore.safety_backup_id,
    },
    results: restore.result_counts,
  };
}

/** A confirmation is of one preview, and gone with it. */
function presentConfirmation(restore: StoredRestore): RestoreDetail['confirmed'] {
  const { confirmed_at: at, confirmed_by: by, confirm_reason: reason } = restore;
  const { confirmed_fingerprint: confirmed, fingerprint } = restore;
  if (at === null || by === null || reason === null || confirmed === null) return null;
  if (fingerprint === null || !confirmed.equals(fingerprint)) return null;
  return { at: at.toISOString(), by, reason };
}
