import { sql } from 'kysely';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { DatabaseInstant } from './database-instant.ts';
import type { PolicyRef } from './policy-item.ts';

/**
 * Graph said that this one policy is not there; `lookedAt` is from before it was asked. The only
 * way for a policy to become missing: that a listing did not hold it is no proof (list-type.ts).
 * Missing since the look, so that a later one brings it back and an earlier one does not.
 */
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
