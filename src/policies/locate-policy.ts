import type { TenantTx } from '../db/tenant-tx.ts';
import { AppError } from '../kernel/errors.ts';
import type { PolicyId } from '../kernel/ids.ts';
import type { PolicyRef } from './policy-item.ts';

/** Where a known policy is to be found in Graph. */
export interface LocatedPolicy extends PolicyRef {
  readonly id: PolicyId;
  readonly name: string;
}

/** @throws AppError forbidden: another tenant's policy and none at all are answered alike */
export async function locatePolicy(tx: TenantTx, policyId: PolicyId): Promise<LocatedPolicy> {
  const found = (await locatePolicies(tx, [policyId])).get(policyId);
  if (found === undefined) throw new AppError('forbidden');
  return found;
}

/** The policies of this tenant among these; at most 1,000. */
export async function locatePolicies(
  tx: TenantTx,
  policyIds: readonly PolicyId[],
): Promise<ReadonlyMap<PolicyId, LocatedPolicy>> {
  if (policyIds.length === 0) return new Map();
  const rows = await tx.db
    .selectFrom('policies')
    .select(['id', 'type', 'graph_id', 'name'])
    .where('tenant_id', '=', tx.tenantId)
    .where('id', 'in', [...policyIds])
    .execute();
  return new Map(
    rows.map(({ id, type, graph_id, name }) => [id, { id, type, graphId: graph_id, name }]),
  );
}
