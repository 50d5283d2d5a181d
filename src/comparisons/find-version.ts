import type { TenantTx } from '../db/tenant-tx.ts';
import type { PolicyId, VersionId } from '../kernel/ids.ts';

/** A version as one side of a comparison. */
export type VersionSide = NonNullable<Awaited<ReturnType<typeof findVersionSide>>>;

/** A version of this tenant by its id; undefined when there is none. */
export function findVersionSide(tx: TenantTx, id: VersionId) {
  return selectVersions(tx).where('v.id', '=', id).executeTakeFirst();
}

/** The latest version of a policy; undefined when none was kept. */
export function findLatestSide(tx: TenantTx, policyId: PolicyId) {
  return selectVersions(tx)
    .where('v.policy_id', '=', policyId)
    .orderBy('v.number', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The version of the same policy before this one; undefined for the first. */
export function findSideBefore(tx: TenantTx, { policy_id, number }: VersionSide) {
  return selectVersions(tx)
    .where('v.policy_id', '=', policy_id)
    .where('v.number', '<', number)
    .orderBy('v.number', 'desc')
    .limit(1)
    .executeTakeFirst();
}

function selectVersions(tx: TenantTx) {
  return tx.db
    .selectFrom('policy_versions as v')
    .innerJoin('policies as p', (join) =>
      join.onRef('p.tenant_id', '=', 'v.tenant_id').onRef('p.id', '=', 'v.policy_id'),
    )
    .select(['v.id', 'v.policy_id', 'v.number', 'v.name', 'v.content_hash', 'v.read_at', 'p.type'])
    .where('v.tenant_id', '=', tx.tenantId);
}
