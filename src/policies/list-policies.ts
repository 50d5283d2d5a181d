import { sql } from 'kysely';
import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { PolicyType } from '../graph/contracts/list.ts';
import { type PolicyId, policyIdSchema } from '../kernel/ids.ts';
import { POLICY_COLUMNS, type PolicyRow } from './find-policy.ts';

export interface PolicyFilter {
  readonly sort: 'name' | 'type';
  readonly type?: PolicyType | undefined;
  /** Part of the name, whatever its case. */
  readonly search?: string | undefined;
  readonly isMissing?: boolean | undefined;
}

/** The inventory of a tenant, by name, or by type and within a type by name. */
export const policiesList: KeysetList<
  TenantTx,
  PolicyFilter,
  PolicyRow,
  [string, string, PolicyId]
> = {
  name: (filter) => `policies/${filter.sort}`,
  key: z.tuple([z.string(), z.string(), policyIdSchema]),
  keyOf: (row) => [row.type, row.name, row.id],
  select(tx, filter, { after, limit }) {
    let query = tx.db
      .selectFrom('policies')
      .select(POLICY_COLUMNS)
      .where('tenant_id', '=', tx.tenantId)
      .limit(limit);
    if (filter.sort === 'type') query = query.orderBy('type');
    query = query.orderBy('name').orderBy('id');
    if (after !== undefined) {
      const [type, name, id] = after;
      // One row comparison, which an index can begin at; three conditions joined by OR cannot.
      query =
        filter.sort === 'type'
          ? query.where(sql<boolean>`(type, name, id) > (${type}, ${name}, ${id}::uuid)`)
          : query.where(sql<boolean>`(name, id) > (${name}, ${id}::uuid)`);
    }
    if (filter.type !== undefined) query = query.where('type', '=', filter.type);
    if (filter.isMissing !== undefined) {
      query = query.where('missing_since', filter.isMissing ? 'is not' : 'is', null);
    }
    if (filter.search !== undefined) {
      query = query.where(sql<boolean>`position(lower(${filter.search}) in lower(name)) > 0`);
    }
    return query;
  },
};
