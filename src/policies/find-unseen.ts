import { sql } from 'kysely';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { PolicyType } from '../graph/contracts/list.ts';
import type { DatabaseInstant } from './database-instant.ts';

/** A policy that is known, and that nobody saw of late. */
export interface UnseenPolicy {
  readonly graphId: string;
  readonly name: string;
}

/**
 * The next policies of a type, in the order of their Graph ids, that are not missing and that
 * nobody saw since this moment: not this listing, nor another run meanwhile. It takes no lock,
 * since whoever asks is going to look at each of them anyway.
 */
export async function findUnseen(
  tx: TenantTx,
  type: PolicyType,
  since: DatabaseInstant,
  page: { readonly after: string; readonly limit: number },
): Promise<UnseenPolicy[]> {
  const { rows } = await sql<UnseenPolicy>`
    select graph_id as "graphId", name from policies
    where tenant_id = ${tx.tenantId} and type = ${type} and missing_since is null
      and last_seen_at < ${since.at}::timestamptz and graph_id > ${page.after}
    order by graph_id limit ${page.limit}`.execute(tx.db);
  return rows;
}
