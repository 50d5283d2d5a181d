import { sql } from 'kysely';
import type { PersonTx } from '../db/person-tx.ts';
import type { RunsTable } from '../db/tables/runs.ts';
import type { RunId, TenantId } from '../kernel/ids.ts';

export interface ChangedRunRow {
  readonly id: RunId;
  readonly tenant_id: TenantId;
  readonly type: string;
  readonly phase: 'queued' | 'running' | 'ended';
  readonly outcome: RunsTable['outcome'];
  readonly revision: string;
}

/**
 * The named runs as they are, of those that the person may see; of all others nothing is said.
 * @param tenantIds those that a token is made for; null is every tenant of its user
 */
export async function listChangedRuns(
  tx: PersonTx,
  runIds: readonly RunId[],
  tenantIds: readonly TenantId[] | null,
): Promise<readonly ChangedRunRow[]> {
  const { rows } = await sql<ChangedRunRow>`
    select r.id, r.tenant_id, r.type, r.phase, r.outcome, r.revision
    from (
      select tenant_id from memberships where user_id = ${tx.userId}
        and (${tenantIds}::uuid[] is null or tenant_id = any(${tenantIds}::uuid[]))
      order by tenant_id limit 1000) m
    cross join unnest(${runIds}::uuid[]) as named(id)
    join runs r on r.tenant_id = m.tenant_id and r.id = named.id`.execute(tx.db);
  return rows;
}
