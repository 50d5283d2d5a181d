import type { RestoreId } from '../../kernel/ids.ts';
import type { NewItem, SliceTx } from '../../runs/run-type.ts';

/** The items with a decision, in the order of writing. */
export async function planResolution(tx: SliceTx, restoreId: RestoreId): Promise<NewItem[]> {
  const rows = await tx.db
    .selectFrom('restore_items')
    .select(['version_id', 'name'])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', restoreId)
    .where('decision', 'is not', null)
    .orderBy('position')
    .orderBy('version_id')
    .execute();
  return rows.map(({ version_id: id, name: label }) => ({ kind: 'restore_item', id, label }));
}
