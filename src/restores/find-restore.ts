import type { Selectable } from 'kysely';
import type { RestoresTable } from '../db/tables/restores.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { AppError } from '../kernel/errors.ts';
import type { RestoreId } from '../kernel/ids.ts';
import {
  type RestoreMapping,
  type RestoreOptions,
  type RestoreSelection,
  restoreMappingSchema,
  restoreOptionsSchema,
  restoreSelectionSchema,
} from './restore-input.ts';

/** A restore with what a preview of it is made from, as it was validated when it was written. */
export interface Restore
  extends Omit<Selectable<RestoresTable>, 'selection' | 'options' | 'mapping'> {
  readonly selection: RestoreSelection;
  readonly options: RestoreOptions;
  readonly mapping: RestoreMapping;
}

/** @throws AppError forbidden when this tenant has none of this id */
export async function requireRestore(tx: TenantTx, id: RestoreId): Promise<Restore> {
  const row = await selectRestore(tx, id).executeTakeFirst();
  return toRestore(row);
}

/**
 * The same, its row locked until the end of the transaction: an edit and the beginning of a preview
 * wait for each other, so that no preview is made from half an edit.
 */
export async function lockRestore(tx: TenantTx, id: RestoreId): Promise<Restore> {
  const row = await selectRestore(tx, id).forNoKeyUpdate().executeTakeFirst();
  return toRestore(row);
}

/**
 * Refuses while a preview is live; under the restore's lock: the beginning of a preview that is
 * started meanwhile waits for it.
 * @throws AppError restore.preview_running, restore.already_executed
 */
export async function requireNoPreview(
  tx: TenantTx,
  restore: Pick<Restore, 'id' | 'state'>,
): Promise<void> {
  requireNotExecuted(restore);
  const live = await tx.db
    .selectFrom('runs')
    .select('id')
    .where('tenant_id', '=', tx.tenantId)
    .where('type', '=', 'restore.plan')
    .where('target', '=', `restore:${restore.id}`)
    .where('phase', '<>', 'ended')
    .executeTakeFirst();
  if (live !== undefined) throw new AppError('restore.preview_running', { runId: live.id });
}

/** What was begun is not changed any more. @throws AppError restore.already_executed */
export function requireNotExecuted({ state }: Pick<Restore, 'state'>): void {
  if (state === 'executing' || state === 'ended') throw new AppError('restore.already_executed');
}

function selectRestore(tx: TenantTx, id: RestoreId) {
  return tx.db
    .selectFrom('restores')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id);
}

function toRestore(row: Selectable<RestoresTable> | undefined): Restore {
  if (row === undefined) throw new AppError('forbidden');
  return {
    ...row,
    selection: restoreSelectionSchema.parse(row.selection),
    options: restoreOptionsSchema.parse(row.options),
    mapping: restoreMappingSchema.parse(row.mapping),
  };
}
