import type { Selectable } from 'kysely';
import type { PoliciesTable } from '../db/tables/policies.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { PolicyId } from '../kernel/ids.ts';

export const POLICY_COLUMNS = [
  'id',
  'type',
  'graph_id',
  'name',
  'platform',
  'last_modified_at',
  'first_seen_at',
  'last_seen_at',
  'missing_since',
  'latest_version',
] as const satisfies readonly (keyof PoliciesTable)[];

export type PolicyRow = Pick<Selectable<PoliciesTable>, (typeof POLICY_COLUMNS)[number]>;

/** One policy of this tenant as last observed; undefined when there is none. */
export function findPolicy(tx: TenantTx, id: PolicyId): Promise<PolicyRow | undefined> {
  return tx.db
    .selectFrom('policies')
    .select(POLICY_COLUMNS)
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}
