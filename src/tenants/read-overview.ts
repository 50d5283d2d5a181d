import { sql } from 'kysely';
import type { PersonTx } from '../db/person-tx.ts';
import type { BackupState } from '../db/tables/backups.ts';
import type { Role } from '../kernel/capabilities.ts';
import type { BackupId, ConnectionId, TenantId } from '../kernel/ids.ts';

interface OverviewBackup {
  readonly id: BackupId;
  readonly state: BackupState;
  readonly created_at: Date;
}

/** One tenant's facts, each found by an index: nothing here grows with policies or run items. */
export interface OverviewRow {
  readonly id: TenantId;
  readonly name: string;
  readonly role: Role;
  readonly connection_id: ConnectionId | null;
  readonly verified_at: Date | null;
  readonly covered: number;
  readonly not_licensed: number;
  readonly not_permitted: number;
  readonly refused: number;
  readonly last_backup: OverviewBackup | null;
  readonly last_complete: OverviewBackup | null;
  readonly changes_since: number;
  readonly failed_runs: number;
  readonly live_runs: number;
}

/**
 * How the tenants of a person stand.
 * @param tenantIds those that a token is made for; null is every tenant of its user
 * @param limit one more than are shown, to know whether there are more
 */
export async function readOverview(
  tx: PersonTx,
  tenantIds: readonly TenantId[] | null,
  limits: { readonly tenants: number; readonly changes: number },
): Promise<readonly OverviewRow[]> {
  const { rows } = await sql<OverviewRow>`
    select t.id, t.name, m.role, c.id as connection_id, c.verified_at,
      v.covered, v.not_licensed, v.not_permitted, v.refused,
      b.last_backup, k.last_complete, g.changes_since, f.failed_runs, l.live_runs
    from memberships m
    join tenants t on t.id = m.tenant_id
    left join connections c on c.tenant_id = t.id
    cross join lateral (
      select count(*) filter (where state = 'covered')::integer as covered,
        count(*) filter (where state = 'not_licensed')::integer as not_licensed,
        count(*) filter (where state = 'not_permitted')::integer as not_permitted,
        count(*) filter (where state = 'refused')::integer as refused
      from coverage where tenant_id = t.id) v
    left join lateral (
      select jsonb_build_object('id', id, 'state', state, 'created_at', created_at) as last_backup
      from backups where tenant_id = t.id and selection ->> 'kind' <> 'policies'
      order by id desc limit 1) b on true
    left join lateral (
      select jsonb_build_object('id', id, 'state', state, 'created_at', created_at)
        as last_complete, created_at
      from backups where tenant_id = t.id and state = 'complete'
        and selection ->> 'kind' <> 'policies'
      order by id desc limit 1) k on true
    cross join lateral (
      select count(*)::integer as changes_since from (
        (select p.id from policies p where p.tenant_id = t.id and p.last_modified_at >
          to_char(k.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
          limit ${limits.changes})
        union
        (select p.id from policies p where p.tenant_id = t.id
          and p.missing_since > k.created_at limit ${limits.changes})
        limit ${limits.changes}) changed) g
    cross join lateral (
      select count(*)::integer as failed_runs from (
        select 1 from runs r where r.tenant_id = t.id
          and r.outcome in ('failed', 'partial', 'blocked')
          and r.ended_at > now() - interval '7 days' limit 100) failed) f
    cross join lateral (
      select count(*)::integer as live_runs from (
        select 1 from runs r where r.tenant_id = t.id and r.phase <> 'ended' limit 100) live) l
    where m.user_id = ${tx.userId}
      and (${tenantIds}::uuid[] is null or t.id = any(${tenantIds}::uuid[]))
    order by t.id limit ${limits.tenants}`.execute(tx.db);
  return rows.map((row) => ({
    ...row,
    last_backup: withDate(row.last_backup),
    last_complete: withDate(row.last_complete),
  }));
}

/** Inside of JSON a time is a text. */
function withDate(backup: OverviewBackup | null): OverviewBackup | null {
  return backup && { ...backup, created_at: new Date(backup.created_at) };
}
