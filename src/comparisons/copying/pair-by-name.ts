import { type RawBuilder, sql } from 'kysely';
import type { TenantTx } from '../../db/tenant-tx.ts';
import type { Comparison } from '../find-comparison.ts';

/**
 * Writes a row for each policy of either tenant, by type and name: an id says nothing in another
 * tenant. One of each is a pair; where a name is borne by several, none is taken for the other. Two
 * versions that were named are a pair whatever they are called. One statement over names and
 * hashes, no bodies; sorted rather than joined, so that its cost does not hang on statistics that
 * a table just filled has not got (joined, two thousand policies took three seconds).
 */
export async function pairByName(tx: TenantTx, comparison: Comparison): Promise<void> {
  const { id, version_id } = comparison;
  const match = version_id === null ? sql`name` : sql`''`;
  await sql`
    with sides as (
      select true as is_ours, policy_id as id, type, name, number, content_hash as hash
      from (${ownSide(tx, comparison)}) o
      union all
      select false, version_id, type, name, version_number, content_hash
      from comparison_sources where tenant_id = ${tx.tenantId} and comparison_id = ${id}
    ),
    counted as (
      select s.*, count(*) filter (where is_ours) over (partition by type, ${match}) as our_count,
        count(*) filter (where not is_ours) over (partition by type, ${match}) as their_count,
        -- of a pair: theirs comes first
        lag(id) over pair as other_id, lag(number) over pair as other_number,
        lag(hash) over pair as other_hash
      from sides s window pair as (partition by type, ${match} order by is_ours)
    ),
    kinds as (
      select is_ours, id, type, name, number, hash,
        case when is_pair then 'uncompared' when their_count = 0 then 'new'
          when our_count = 0 then 'left_out' else 'ambiguous' end as kind,
        case when is_pair then other_id end as other_id,
        case when is_pair then other_number end as other_number,
        case when is_pair then other_hash end as other_hash
      from counted cross join lateral (select our_count = 1 and their_count = 1 as is_pair) p
    )
    insert into comparison_items (tenant_id, comparison_id, subject_id, type, name, kind,
      after_policy_id, before_number, after_number, before_hash, after_hash, source_version_id)
    select ${tx.tenantId}::uuid, ${id}::uuid, id, type, name, kind,
      case when is_ours then id end,
      case when is_ours then other_number else number end,
      case when is_ours then number end,
      case when is_ours then other_hash else hash end,
      case when is_ours then hash end,
      case when is_ours then other_id else id end
    from kinds where is_ours or kind <> 'uncompared'
    on conflict do nothing`.execute(tx.db);
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
