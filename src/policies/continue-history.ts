import { sql } from 'kysely';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { PolicyType } from '../graph/contracts/list.ts';

/** A deleted object, and the one that was made in its place. */
export interface Recreated {
  readonly type: PolicyType;
  readonly oldGraphId: string;
  readonly newGraphId: string;
}

/**
 * The policy lives on in the object that was made in its place: its versions stay its history.
 * Where a sync has met the new object before, the two rows change places, so that the one with the
 * history is the one that is there. Does nothing for an object that was not missing.
 * @returns whether there was a history to continue
 */
export async function continueHistory(tx: TenantTx, recreated: Recreated): Promise<boolean> {
  const { type, oldGraphId, newGraphId } = recreated;
  const row = (graphId: string) => sql`tenant_id = ${tx.tenantId} and type = ${type}
    and graph_id = ${graphId}`;
  // in the order of every other lock on policies
  const { rows } = await sql<{ id: string; graph_id: string; is_missing: boolean }>`
    select id, graph_id, missing_since is not null as is_missing from policies
    where ${row(oldGraphId)} or ${row(newGraphId)}
    order by graph_id collate "C" for no key update`.execute(tx.db);
  const old = rows.find(({ graph_id }) => graph_id === oldGraphId);
  if (old === undefined || !old.is_missing) return false;
  const newer = rows.find(({ graph_id }) => graph_id === newGraphId);
  if (newer !== undefined) {
    await sql`
      update policies set graph_id = 'replaced:' || id, missing_since = clock_timestamp()
      where ${row(newGraphId)}`.execute(tx.db);
  }
  await sql`
    update policies set graph_id = ${newGraphId}, missing_since = null,
      last_seen_at = greatest(last_seen_at, clock_timestamp())
    where ${row(oldGraphId)}`.execute(tx.db);
  if (newer !== undefined) {
    await sql`
      update policies set graph_id = ${oldGraphId}
      where ${row(`replaced:${newer.id}`)}`.execute(tx.db);
  }
  return true;
}
