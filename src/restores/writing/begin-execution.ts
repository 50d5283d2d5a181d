import { sql } from 'kysely';
import { recordAudit, SYSTEM_ACTOR } from '../../audit/record-audit.ts';
import { backupIdOf, makeBackup } from '../../backups/make-backup.ts';
import { AppError } from '../../kernel/errors.ts';
import type { RestoreId } from '../../kernel/ids.ts';
import type { NewItem, SliceTx } from '../../runs/run-type.ts';
import { lockRestore } from '../find-restore.ts';
import { findFaces, itemsOf, SAFETY_ITEM } from './execution-items.ts';
import { reach } from './points.ts';
import type { WritingContext } from './writing-context.ts';

/** Marks the restore as being carried out by this run, once; from now on nobody can edit it. */
export async function beginExecution(ctx: WritingContext): Promise<void> {
  reach('before_begin');
  await ctx.inTenant(async (tx) => {
    const restore = await lockRestore(tx, ctx.input.restoreId);
    if (restore.execute_run_id === tx.runId && restore.state === 'executing') return;
    if (restore.state !== 'planned') throw new AppError('restore.already_executed');
    await tx.db
      .updateTable('restores')
      .set({ state: 'executing', execute_run_id: tx.runId, began_at: sql`clock_timestamp()` })
      .where('tenant_id', '=', tx.tenantId)
      .where('id', '=', restore.id)
      .execute();
    await recordAudit(tx, SYSTEM_ACTOR, {
      action: 'restore.started',
      subject: { kind: 'restore', id: restore.id },
      details: {
        fingerprint: restore.fingerprint?.toString('hex') ?? '',
        confirmedBy: restore.confirmed_by ?? '',
        reason: restore.confirm_reason ?? '',
      },
    });
    if (await hasUpdates(tx, restore.id)) await openSafetyBackup(tx, ctx, restore);
  });
  reach('after_begin');
}

/**
 * What the run works through. Where something will be overwritten, that is kept first, and the last
 * version kept adds the items themselves: before it nothing can be written.
 */
export async function planExecution(ctx: WritingContext): Promise<readonly NewItem[]> {
  const { restoreId } = ctx.input;
  const updates = await ctx.inTenant((tx) => findFaces(tx, restoreId, ['update']));
  if (updates.length === 0) return ctx.inTenant((tx) => itemsOf(tx, restoreId));
  return updates.map(({ version_id: id, name: label }) => ({
    kind: SAFETY_ITEM,
    id,
    label,
    discovers: true,
  }));
}

async function hasUpdates(tx: SliceTx, restoreId: RestoreId): Promise<boolean> {
  return (await findFaces(tx, restoreId, ['update'])).length > 0;
}

/** Holds what the restore overwrites; an undo brings it back. */
async function openSafetyBackup(
  tx: SliceTx,
  { initiatorLabel: madeBy }: Pick<WritingContext, 'initiatorLabel'>,
  restore: { readonly id: RestoreId; readonly name: string },
): Promise<void> {
  const name = `Before restore: ${restore.name}`.slice(0, 200);
  await makeBackup(tx, { name, selection: { kind: 'policies', policyIds: [] }, madeBy });
  await tx.db
    .updateTable('restores')
    .set({ safety_backup_id: backupIdOf(tx.runId) })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', restore.id)
    .execute();
}
