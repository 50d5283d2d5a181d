import { sql } from 'kysely';
import type { TenantTx } from '../../db/tenant-tx.ts';
import type { RestoreId } from '../../kernel/ids.ts';

/**
 * Gathers what the items that are not left out refer to, each once with the number of its items,
 * so that pages of it cost the same whatever the restore's size. Where copies of several tenants
 * call it differently, the newest version is believed. Rows lie in the order in which pages read
 * them.
 */
export async function gatherReferences(tx: TenantTx, id: RestoreId): Promise<void> {
  await forgetReferences(tx, id);
  await sql`
    insert into restore_references (tenant_id, restore_id, kind, source_id, name, how, target,
      items)
    select i.tenant_id, i.restore_id, r.kind, r.id,
      (array_agg(r.name order by i.version_id desc) filter (where r.name is not null))[1],
      (array_agg(r.how order by i.version_id desc))[1],
      (array_agg(r.target order by i.version_id desc))[1], count(*)
    from restore_items i cross join lateral jsonb_to_recordset(i.refers_to)
      as r (kind text, id text, name text, how text, target text)
    where i.tenant_id = ${tx.tenantId} and i.restore_id = ${id} and i.action <> 'skip'
    group by i.tenant_id, i.restore_id, r.kind, r.id order by r.kind, r.id`.execute(tx.db);
}

/** What an older preview found does not hold any more. */
export async function forgetReferences(tx: TenantTx, id: RestoreId): Promise<void> {
  await tx.db
    .deleteFrom('restore_references')
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', id)
    .execute();
}
