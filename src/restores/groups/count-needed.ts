import { sql } from 'kysely';
import type { TenantTx } from '../../db/tenant-tx.ts';
import type { RestoreId } from '../../kernel/ids.ts';

/**
 * Counts the items that each new group is needed for, when it is known which are written: a group
 * that none of them names any more is not made.
 */
export async function countNeeded(tx: TenantTx, id: RestoreId): Promise<void> {
  await sql`
    update restore_groups g set items = (select count(*) from restore_items i
      where i.tenant_id = g.tenant_id and i.restore_id = g.restore_id
        and i.action in ('create', 'update') and g.source_id = any(i.new_group_ids))
    where g.tenant_id = ${tx.tenantId} and g.restore_id = ${id}`.execute(tx.db);
}
