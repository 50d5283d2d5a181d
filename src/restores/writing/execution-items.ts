import type { RestoreAction } from '../../db/tables/restore-items.ts';
import { isErrorCode } from '../../kernel/errors.ts';
import type { RestoreId } from '../../kernel/ids.ts';
import { type NewItem, type SliceTx, skipped } from '../../runs/run-type.ts';

/** The item of the run that keeps what an update will overwrite. */
export const SAFETY_ITEM = 'safety_version';

/** Every item of the restore in the order of writing; what is left out has ended already. */
export async function itemsOf(tx: SliceTx, restoreId: RestoreId): Promise<NewItem[]> {
  const faces = await findFaces(tx, restoreId);
  return faces.map(({ version_id: id, name: label, action, code }) => {
    const item = { kind: 'restore_item', id, label };
    if (action === 'create' || action === 'update' || action === 'delete') return item;
    const why = code !== null && isErrorCode(code) ? code : 'restore.item_not_previewed';
    return { ...item, ending: skipped(why) };
  });
}

export interface Face {
  readonly version_id: string;
  readonly name: string;
  readonly action: RestoreAction | null;
  readonly code: string | null;
}

/** What shows of the items, in the order of writing; of these actions only, where some are named. */
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
