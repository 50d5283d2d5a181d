import { sql } from 'kysely';
import { recordAudit, SYSTEM_ACTOR } from '../../audit/record-audit.ts';
import { keepVersions } from '../../backups/keep-version.ts';
import type { RestoreResult } from '../../db/tables/restore-items.ts';
import type { Difference } from '../../graph/compare-bodies.ts';
import type { PolicyDocument } from '../../graph/policy-document.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import { continueHistory } from '../../policies/continue-history.ts';
import { type DatabaseInstant, readInstant } from '../../policies/database-instant.ts';
import { markGone } from '../../policies/mark-gone.ts';
import { observePolicies } from '../../policies/observe-policies.ts';
import type { SliceTx } from '../../runs/run-type.ts';
import type { ItemToWrite } from './item-to-write.ts';
import { markUnknown, markVerified } from './ledger.ts';
import type { WritingContext } from './writing-context.ts';

/** What became of an item. */
export interface Settled {
  readonly result: RestoreResult;
  readonly code: ErrorCode | null;
  /** The object that was written, as far as there is one. */
  readonly graphId: string | null;
  /** The object as it was read back. */
  readonly read?: undefined | { readonly live: PolicyDocument; readonly lookedAt: DatabaseInstant };
  readonly differences?: readonly Difference[];
  readonly candidates?: readonly string[];
}

/** More differences of one item than this are not kept. */
const DIFFERENCES_KEPT_MAX = 100;

/**
 * Writes down what became of an item, once: its result, one audit entry if anything was written,
 * and what the inventory learns from it. Repeated by another worker it changes nothing.
 */
export async function settleItem(
  tx: SliceTx,
  ctx: Pick<WritingContext, 'initiatorLabel'>,
  item: ItemToWrite,
  settled: Settled,
): Promise<{ readonly result: RestoreResult; readonly code: ErrorCode | null }> {
  const { result, code, graphId, read, differences = [], candidates = [] } = settled;
  const hasWritten = await isAnythingWritten(tx, item);
  const outcome = result === 'failed' && !hasWritten ? 'not_written' : result;
  const updated = await tx.db
    .updateTable('restore_items')
    .set({
      result: outcome,
      result_code: code,
      result_graph_id: graphId,
      result_differences: JSON.stringify(differences.slice(0, DIFFERENCES_KEPT_MAX)),
      result_candidates: JSON.stringify(candidates),
      before_hash: hexBytes(item.beforeHash),
      after_hash: hexBytes(read?.live.contentHash ?? null),
      settled_at: sql`clock_timestamp()`,
      decision: null,
      decision_graph_id: null,
      decided_at: null,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', item.restoreId)
    .where('version_id', '=', item.versionId)
    .where('result', 'is', null)
    .executeTakeFirst();
  if (updated.numUpdatedRows === 0n) return { result: outcome, code };
  if (outcome === 'verified' || outcome === 'removed') await markVerified(tx, item);
  if (outcome === 'unknown') await markUnknown(tx, item, code ?? 'restore.decision_needed');
  if (hasWritten) await auditWritten(tx, item, { ...settled, result: outcome });
  if (outcome === 'removed') await noteRemoved(tx, item, graphId);
  if (read !== undefined) await keepWritten(tx, ctx, item, read);
  return { result: outcome, code };
}

/** Something may have been sent for it that is not known to have come to nothing. */
async function isAnythingWritten(tx: SliceTx, item: ItemToWrite): Promise<boolean> {
  const { rows } = await sql<{ written: boolean }>`
    select exists (select 1 from restore_writes where tenant_id = ${tx.tenantId}
      and restore_id = ${item.restoreId} and version_id = ${item.versionId} and attempt > 0
      and state in ('intent', 'applied', 'verified', 'unknown')) as written`.execute(tx.db);
  return rows[0]?.written === true;
}

function auditWritten(tx: SliceTx, item: ItemToWrite, settled: Settled): Promise<void> {
  const { result, code, graphId, read } = settled;
  return recordAudit(tx, SYSTEM_ACTOR, {
    action: 'restore.object_written',
    subject: { kind: 'restore', id: item.restoreId },
    details: {
      type: item.type,
      action: item.action,
      versionId: item.versionId,
      fingerprint: item.restore.fingerprint?.toString('hex') ?? '',
      result,
      ...(code === null ? {} : { code }),
      ...(graphId === null ? {} : { graphId }),
      ...(item.beforeHash === null ? {} : { beforeHash: item.beforeHash }),
      ...(read === undefined ? {} : { afterHash: read.live.contentHash }),
    },
  });
}

/** What was read back is kept as a version of the policy; one that was made anew goes on as it. */
async function keepWritten(
  tx: SliceTx,
  { initiatorLabel: madeBy }: Pick<WritingContext, 'initiatorLabel'>,
  item: ItemToWrite,
  { live, lookedAt }: NonNullable<Settled['read']>,
): Promise<void> {
  const { type, sourceGraphId: oldGraphId } = item;
  if (item.action === 'create' && item.restore.source_kind !== 'copies') {
    await continueHistory(tx, { type, oldGraphId, newGraphId: live.graphId });
  }
  const policies = await observePolicies(tx, [{ type, face: live, lookedAt }]);
  const reason = `Restored: ${item.restore.name}`.slice(0, 200);
  await keepVersions(tx, policies, { runId: tx.runId, madeBy, reason });
}

async function noteRemoved(tx: SliceTx, item: ItemToWrite, graphId: string | null): Promise<void> {
  if (graphId === null) return;
  await markGone(tx, { type: item.type, graphId }, await readInstant(tx));
}

function hexBytes(hex: string | null): Buffer | null {
  return hex === null ? null : Buffer.from(hex, 'hex');
}
