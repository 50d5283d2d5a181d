import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type { PolicyVersionsTable } from '../db/tables/policy-versions.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { PolicyId } from '../kernel/ids.ts';

const COLUMNS = [
  'id',
  'policy_id',
  'number',
  'content_hash',
  'assignments_hash',
  'scope_tags_hash',
  'name',
  'reason',
  'made_by',
  'run_id',
  'read_at',
  'has_masked_secrets',
  'created_at',
] as const satisfies readonly (keyof PolicyVersionsTable)[];

export type VersionRow = Pick<Selectable<PolicyVersionsTable>, (typeof COLUMNS)[number]>;
export type VersionWithMeta = VersionRow & Pick<Selectable<PolicyVersionsTable>, 'meta'>;

export interface VersionFilter {
  readonly policyId: PolicyId;
}

/** Versions of one policy, newest first. */
export const versionsList: KeysetList<TenantTx, VersionFilter, VersionRow, [string]> = {
  name: (filter) => `versions/${filter.policyId}`,
  key: z.tuple([z.string().regex(/^\d{1,9}$/)]),
  keyOf: (row) => [String(row.number)],
  select(tx, filter, { after, limit }) {
    const query = tx.db
      .selectFrom('policy_versions')
      .select(COLUMNS)
      .where('tenant_id', '=', tx.tenantId)
      .where('policy_id', '=', filter.policyId)
      .orderBy('number', 'desc')
      .limit(limit);
    return after === undefined ? query : query.where('number', '<', Number(after[0]));
  },
};

/** One version of a policy of this tenant, without its body; undefined when there is none. */
export function findVersion(
  tx: TenantTx,
  policyId: PolicyId,
  number: number,
): Promise<VersionWithMeta | undefined> {
  return tx.db
    .selectFrom('policy_versions')
    .select([...COLUMNS, 'meta'])
    .where('tenant_id', '=', tx.tenantId)
    .where('policy_id', '=', policyId)
    .where('number', '=', number)
    .executeTakeFirst();
}
