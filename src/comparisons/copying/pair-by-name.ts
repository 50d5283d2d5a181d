import { type RawBuilder, sql } from 'kysely';
import type { TenantTx } from '../../db/tenant-tx.ts';
import type { Comparison } from '../find-comparison.ts';

/**
 * Writes a row for each policy of either tenant, by type and name: an id says nothing in another
 * tenant. One of each is a pair; where a name is borne by several, none is taken for the other. Two
 * versions that were named are a pair whatever they are called. One statement over names and
 * hashes, no bodies.
 */
export async function pairByName(tx: TenantTx, comparison: Comparison): Promise<void> {
  const { id, version_id } = comparison;
  const match = version_id === null ? sql`name` : sql`''`;
  await sql`
    with ours as materialized (select o.*, ${match} as match from (${ownSide(tx, comparison)}) o),
    theirs as materialized (
      select version_id, version_number, type, name, content_hash, ${match} as match
      from comparison_sources where tenant_id = ${tx.tenantId} and comparison_id = ${id}
    ),
    names as (
      select type, match, count(*) filter (where is_ours) as our_count,
        count(*) filter (where not is_ours) as their_count
      from (select type, match, true as is_ours from ours
        union all select type, match, false from theirs) u
      group by type, match
    ),
    found as (
      select o.policy_id as subject_id, o.type, o.name, 'uncompared' as kind, o.policy_id,
        t.version_number as before_number, o.number as after_number,
        t.content_hash as before_hash, o.content_hash as after_hash, t.version_id
      from names n join ours o using (type, match) join theirs t using (type, match)
      where n.our_count = 1 and n.their_count = 1
      union all
      select o.policy_id, o.type, o.name, case n.their_count when 0 then 'new' else 'ambiguous' end,
        o.policy_id, null, o.number, null, o.content_hash, null
      from names n join ours o using (type, match)
      where not (n.our_count = 1 and n.their_count = 1)
      union all
      select t.version_id, t.type, t.name,
        case n.our_count when 0 then 'left_out' else 'ambiguous' end,
        null, t.version_number, null, t.content_hash, null, t.version_id
      from names n join theirs t using (type, match)
      where not (n.our_count = 1 and n.their_count = 1)
    )
    insert into comparison_items (tenant_id, comparison_id, subject_id, type, name, kind,
      after_policy_id, before_number, after_number, before_hash, after_hash, source_version_id)
    select ${tx.tenantId}, ${id}, subject_id, type, name, kind, policy_id, before_number,
      after_number, before_hash, after_hash, version_id
    from found on conflict do nothing`.execute(tx.db);
}

/** The versions that stand for this tenant. */
function ownSide(tx: TenantTx, comparison: Comparison): RawBuilder<unknown> {
  const { version_id, after_backup_id } = comparison;
  const isLatest = version_id === null && after_backup_id === null;
  const limits = [
    ...(version_id === null ? [] : [sql`and v.id = ${version_id}`]),
    ...(after_backup_id === null
      ? []
      : [
          sql`and exists (select 1 from backup_items i where i.tenant_id = v.tenant_id
            and i.version_id = v.id and i.backup_id = ${after_backup_id})`,
        ]),
    ...(isLatest ? [sql`and v.number = p.latest_version and p.missing_since is null`] : []),
  ];
  return sql`select v.policy_id, p.type, v.name, v.number, v.content_hash
    from policy_versions v
      join policies p on p.tenant_id = v.tenant_id and p.id = v.policy_id
    where v.tenant_id = ${tx.tenantId} ${sql.join(limits, sql` `)}`;
}
