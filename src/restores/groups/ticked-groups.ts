import { sql } from 'kysely';
import type { TenantTx } from '../../db/tenant-tx.ts';
import type { Restore } from '../find-restore.ts';

/** A group that somebody ticked to be made where it is missing. */
export interface TickedGroup {
  /** In small letters. */
  readonly sourceId: string;
  /** What the source calls it; null: nobody knows. */
  readonly name: string | null;
  /** The name as it is compared. */
  readonly nameKey: string | null;
  readonly description: string | null;
}

/**
 * The ticked groups that matter: some item names them, and nobody said by hand what they mean. What
 * the source calls them is known of this tenant itself, or came along with the copies.
 */
export async function readTickedGroups(
  tx: TenantTx,
  restore: Restore,
): Promise<readonly TickedGroup[]> {
  const mapped = new Set(Object.keys(restore.mapping).map((key) => key.toLowerCase()));
  const ids = restore.options.createGroups.filter((id) => !mapped.has(`group:${id}`));
  if (ids.length === 0) return [];
  const isOwn = restore.source_kind !== 'copies';
  const { rows } = await sql<TickedGroup>`
    with ticked as materialized (
      select t.id, own.description, case when ${isOwn} then own.name else (
        select s.reference_names ->> ('group:' || t.id) from restore_sources s
        where s.tenant_id = ${tx.tenantId} and s.restore_id = ${restore.id}
          and s.reference_names ->> ('group:' || t.id) is not null
        order by s.version_id limit 1) end as name
      from unnest(${ids}::text[]) as t (id)
        left join directory_groups own on ${isOwn} and own.tenant_id = ${tx.tenantId}
          and own.graph_id = t.id
      where exists (select 1 from restore_items i where i.tenant_id = ${tx.tenantId}
        and i.restore_id = ${restore.id} and t.id = any(i.group_ids)))
    select id as "sourceId", name, lower(name) as "nameKey", description
    from ticked order by id`.execute(tx.db);
  return rows;
}
