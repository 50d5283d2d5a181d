import type { TenantTx } from '../db/tenant-tx.ts';

/** Names of these groups as last seen; what nobody has seen is absent. */
export async function readGroupNames(
  tx: TenantTx,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (groupIds.length === 0) return new Map();
  const rows = await tx.db
    .selectFrom('directory_groups')
    .select(['graph_id', 'name'])
    .where('tenant_id', '=', tx.tenantId)
    .where('graph_id', 'in', [...new Set(groupIds)])
    .execute();
  return new Map(rows.map((row) => [row.graph_id, row.name]));
}
