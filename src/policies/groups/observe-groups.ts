import { sql } from 'kysely';
import type { TenantTx } from '../../db/tenant-tx.ts';
import type { DirectoryGroup } from '../../graph/port.ts';
import type { DatabaseInstant } from '../database-instant.ts';

/**
 * Notes groups as Graph listed them; `lookedAt` is from before it was asked. A look that is older
 * than what is known changes nothing but what nobody knew yet. In the order of their ids, as
 * everywhere: two runs that meet never wait in a circle.
 */
export async function observeGroups(
  tx: TenantTx,
  groups: readonly DirectoryGroup[],
  lookedAt: DatabaseInstant,
): Promise<void> {
  // A page that shifts while it is read may hold a group twice; a row is upserted only once.
  const seen = [...new Map(groups.map((group) => [group.id, group])).values()];
  if (seen.length === 0) return;
  await sql`
    insert into directory_groups as d (tenant_id, graph_id, name, description, membership_rule,
      kind, seen_at)
    select ${tx.tenantId}, g.id, g.name, g.description, g.membership_rule, g.kind,
      ${lookedAt.at}::timestamptz
    from unnest(${seen.map(({ id }) => id)}::text[],
      ${seen.map(({ name }) => storable(name))}::text[],
      ${seen.map(({ description }) => storable(description))}::text[],
      ${seen.map(({ membershipRule }) => storable(membershipRule))}::text[],
      ${seen.map(({ kind }) => kind)}::text[]) as g (id, name, description, membership_rule, kind)
    order by g.id collate "C"
    on conflict (tenant_id, graph_id) do update set
      name = case when excluded.seen_at >= d.seen_at then excluded.name else d.name end,
      description = case when excluded.seen_at >= d.seen_at or d.kind is null
        then excluded.description else d.description end,
      membership_rule = case when excluded.seen_at >= d.seen_at or d.kind is null
        then excluded.membership_rule else d.membership_rule end,
      kind = case when excluded.seen_at >= d.seen_at or d.kind is null
        then excluded.kind else d.kind end,
      missing_since = case when excluded.seen_at > d.missing_since then null
        else d.missing_since end,
      seen_at = greatest(d.seen_at, excluded.seen_at)`.execute(tx.db);
}

/** PostgreSQL keeps no NUL and no half a surrogate pair. */
function storable<T extends string | null>(text: T): T | string {
  return text === null ? text : text.replaceAll('\u0000', '\uFFFD').toWellFormed();
}
