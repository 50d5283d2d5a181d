import type { RestoreAction } from '../../db/tables/restore-items.ts';
import { isErrorCode } from '../../kernel/errors.ts';
import type { RestoreId } from '../../kernel/ids.ts';
import { type NewItem, type SliceTx, skipped } from '../../runs/run-type.ts';

/** The item of the run that keeps what an update will overwrite. */
export const SAFETY_ITEM = 'safety_version';

/** The item of the run that makes a group. */
export const GROUP_ITEM = 'restore_group';

/**
 * What is written, in its order: groups that items wait for, then every item of the restore; what
 * is left out has ended already.
 */
export async function itemsOf(tx: SliceTx, restoreId: RestoreId): Promise<NewItem[]> {
  const faces = await findFaces(tx, restoreId);
  return [...(await groupsOf(tx, restoreId)), ...faces.map(toItem)];
}

async function groupsOf(tx: SliceTx, restoreId: RestoreId): Promise<NewItem[]> {
  const rows = await tx.db
    .selectFrom('restore_groups')
    .select(['source_id', 'name'])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', restoreId)
    .where('action', '=', 'create')
    .where('items', '>', 0)
    .orderBy('source_id')
    .execute();
  return rows.map(({ source_id: id, name }) => ({ kind: GROUP_ITEM, id, label: name ?? id }));
}

function toItem({ version_id: id, name: label, action, code }: Face): NewItem {
  const item = { kind: 'restore_item', id, label };
  if (action === 'create' || action === 'update' || action === 'delete') return item;
  const why = code !== null && isErrorCode(code) ? code : 'restore.item_not_previewed';
  return { ...item, ending: skipped(why) };
}

export interface Face {
  readonly version_id: string;
  readonly name: string;
  readonly action: RestoreAction | null;
  readonly code: string | null;
}

/**
 * What shows of the items, in the order of writing; of these actions only, where some are named.
 */
export function findFaces(
  tx: SliceTx,
  restoreId: RestoreId,
  actions?: readonly RestoreAction[],
): Promise<Face[]> {
  const query = tx.db
    .selectFrom('restore_items')
    .select(['version_id', 'name', 'action', 'code'])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', restoreId)
    .orderBy('position')
    .orderBy('version_id');
  return (actions === undefined ? query : query.where('action', 'in', actions)).execute();
}
