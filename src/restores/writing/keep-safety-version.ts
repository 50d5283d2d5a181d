import { sql } from 'kysely';
import { fillBackup } from '../../backups/fill-backup.ts';
import { backupIdOf } from '../../backups/make-backup.ts';
import type { PolicyDocument } from '../../graph/policy-document.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import { type DatabaseInstant, readInstant } from '../../policies/database-instant.ts';
import { observePolicies } from '../../policies/observe-policies.ts';
import { readIfThere } from '../../policies/read-if-there.ts';
import { findLastFailure } from '../../runs/last-attempt.ts';
import {
  failed,
  type Item,
  type ItemEnding,
  type SliceTx,
  succeeded,
} from '../../runs/run-type.ts';
import { lockRestore } from '../find-restore.ts';
import { itemsOf } from './execution-items.ts';
import { loadItem } from './item-to-write.ts';
import { reach } from './points.ts';
import { settleItem } from './settle-item.ts';
import { WRITE_ATTEMPTS_MAX, type WritingContext } from './writing-context.ts';

/**
 * Keeps an object as it is before anything is written to it. One that cannot be kept, or is not any
 * more what the preview saw, is not written at all.
 */
export async function keepSafetyVersion(ctx: WritingContext, item: Item): Promise<ItemEnding> {
  try {
    return await keep(ctx, item.id);
  } catch (error) {
    const code = await findLastFailure(ctx, item, error, WRITE_ATTEMPTS_MAX);
    if (code === undefined) throw error;
    await leaveOut(ctx, item.id, 'restore.safety_missing');
    return failed(code);
  }
}

async function keep(ctx: WritingContext, versionId: string): Promise<ItemEnding> {
  const { row, lookedAt } = await ctx.inTenant(async (tx) => ({
    row: await findMatch(tx, ctx, versionId),
    lookedAt: await readInstant(tx),
  }));
  reach('before_safety');
  if (row.safety_version_id !== null || row.result !== null) return succeeded();
  const graphId = row.match_graph_id ?? '';
  const live = await readIfThere(ctx, { type: row.type, graphId });
  if (live === undefined || live.contentHash !== row.live_hash?.toString('hex')) {
    const code = live === undefined ? 'policy.gone' : 'restore.drifted';
    await leaveOut(ctx, versionId, code);
    return failed(code);
  }
  await ctx.inTenant(async (tx) => {
    const safety = await keepVersion(tx, ctx, live, lookedAt);
    await tx.db
      .updateTable('restore_items')
      .set({ safety_version_id: safety })
      .where('tenant_id', '=', tx.tenantId)
      .where('restore_id', '=', ctx.input.restoreId)
      .where('version_id', '=', versionId)
      .execute();
    await goOnWhenAllAreKept(tx, ctx);
  });
  reach('after_safety');
  return succeeded();
}

function findMatch(tx: SliceTx, { input }: WritingContext, versionId: string) {
  return tx.db
    .selectFrom('restore_items')
    .select(['type', 'match_graph_id', 'live_hash', 'safety_version_id', 'result'])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', input.restoreId)
    .where('version_id', '=', versionId)
    .executeTakeFirstOrThrow();
}

/** As a version of its policy, in the backup that an undo brings back. */
async function keepVersion(
  tx: SliceTx,
  { initiatorLabel: madeBy }: WritingContext,
  live: PolicyDocument,
  lookedAt: DatabaseInstant,
): Promise<string> {
  const policies = await observePolicies(tx, [{ type: live.type, face: live, lookedAt }]);
  const why = { runId: tx.runId, madeBy, reason: 'Before a restore' };
  await fillBackup(tx, backupIdOf(tx.runId), policies, why);
  const { version_id } = await tx.db
    .selectFrom('backup_items')
    .select('version_id')
    .where('tenant_id', '=', tx.tenantId)
    .where('backup_id', '=', backupIdOf(tx.runId))
    .where(
      'policy_id',
      'in',
      policies.map(({ id }) => id),
    )
    .executeTakeFirstOrThrow();
  return version_id;
}

async function leaveOut(ctx: WritingContext, versionId: string, code: ErrorCode): Promise<void> {
  await ctx.inTenant(async (tx) => {
    const item = await loadItem(tx, { restoreId: ctx.input.restoreId, versionId });
    await settleItem(tx, ctx, item, { result: 'not_written', code, graphId: null });
    await goOnWhenAllAreKept(tx, ctx);
  });
}

/** Under the restore's lock, so that one of those who end last sees that it is the last. */
async function goOnWhenAllAreKept(tx: SliceTx, ctx: WritingContext): Promise<void> {
  const { restoreId } = ctx.input;
  await lockRestore(tx, restoreId);
  const { rows } = await sql<{ left: number }>`
    select count(*)::integer as left from restore_items
    where tenant_id = ${tx.tenantId} and restore_id = ${restoreId} and action = 'update'
      and safety_version_id is null and result is null`.execute(tx.db);
  if (rows[0]?.left !== 0) return;
  const items = await itemsOf(tx, restoreId);
  for (let from = 0; from < items.length; from += ITEMS_AT_ONCE) {
    await ctx.addItems(tx, items.slice(from, from + ITEMS_AT_ONCE));
  }
}

const ITEMS_AT_ONCE = 1_000;
