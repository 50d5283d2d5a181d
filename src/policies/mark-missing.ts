import { sql } from 'kysely';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { PolicyType } from '../graph/contracts/list.ts';
import type { DatabaseInstant } from './database-instant.ts';
import type { PolicyRef } from './policy-item.ts';

/**
 * After a complete listing: marks the policies of the type that nobody saw since the listing began,
 * also not another run meanwhile. They are missing since it began, so that a later look brings them
 * back and an earlier one does not. Locks in the order of Graph ids, as everywhere.
 * @returns how many were marked
 */
export async function markUnseen(
  tx: TenantTx,
  type: PolicyType,
  beganAt: DatabaseInstant,
): Promise<number> {
  const result = await sql`
    with unseen as (
      select id from policies
      where tenant_id = ${tx.tenantId} and type = ${type} and missing_since is null
        and last_seen_at < ${beganAt.at}::timestamptz
      order by graph_id collate "C" for no key update
    )
    update policies p set missing_since = ${beganAt.at}::timestamptz
    from unseen where p.tenant_id = ${tx.tenantId} and p.id = unseen.id`.execute(tx.db);
  return Number(result.numAffectedRows ?? 0n);
}

/** Graph said that this one policy is not there; `lookedAt` is from before it was asked. */
export async function markGone(
  tx: TenantTx,
  policy: PolicyRef,
  lookedAt: DatabaseInstant,
): Promise<void> {
  await sql`
    update policies set missing_since = ${lookedAt.at}::timestamptz
    where tenant_id = ${tx.tenantId} and type = ${policy.type} and graph_id = ${policy.graphId}
      and missing_since is null and last_seen_at < ${lookedAt.at}::timestamptz`.execute(tx.db);
}
