import { sql } from 'kysely';
import type { PersonTx } from '../db/person-tx.ts';
import type { RunsTable } from '../db/tables/runs.ts';
import type { RunId, TenantId } from '../kernel/ids.ts';

/** Of one tenant; more that are live at once are only counted. */
const OF_ONE_TENANT_MAX = 20;
/** As many as the overview shows. */
const TENANTS_MAX = 1_000;

export interface LiveRunRow {
  readonly id: RunId;
  readonly tenant_id: TenantId;
  readonly tenant_name: string;
  readonly type: string;
  readonly phase: 'queued' | 'running';
  readonly items_total: number;
  readonly items_done: number;
  readonly cancel_requested_at: RunsTable['cancel_requested_at'];
  readonly created_at: Date;
}

/**
 * What is under way in the tenants of a person, newest first.
 * @param tenantIds those that a token is made for; null is every tenant of its user
 */
export async function listLiveRuns(
  tx: PersonTx,
  tenantIds: readonly TenantId[] | null,
  limit: number,
): Promise<readonly LiveRunRow[]> {
  const { rows } = await sql<LiveRunRow>`
    select r.id, m.tenant_id, r.type, r.phase, r.items_total, r.cancel_requested_at, r.created_at,
      r.items_succeeded + r.items_skipped + r.items_failed + r.items_unknown as items_done,
      (select t.name from tenants t where t.id = m.tenant_id) as tenant_name
    from (
      select tenant_id from memberships where user_id = ${tx.userId}
        and (${tenantIds}::uuid[] is null or tenant_id = any(${tenantIds}::uuid[]))
      order by tenant_id limit ${TENANTS_MAX}) m
    cross join lateral (
      select * from runs where tenant_id = m.tenant_id and phase <> 'ended'
      order by id desc limit ${OF_ONE_TENANT_MAX}) r
    order by r.id desc limit ${limit}`.execute(tx.db);
  return rows;
}
