import { sql } from 'kysely';
import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type { PersonTx } from '../db/person-tx.ts';
import type { Role } from '../kernel/capabilities.ts';
import { type TenantId, tenantIdSchema } from '../kernel/ids.ts';

export interface TenantFilter {
  /** The tenants that a token is made for; null is every tenant of its user. */
  readonly tenantIds: readonly TenantId[] | null;
}

export interface TenantRow {
  readonly id: TenantId;
  readonly name: string;
  readonly role: Role;
  readonly created_at: Date;
}

/** The tenants that a person is a member of, in the order in which they were added. */
export const tenantsList: KeysetList<PersonTx, TenantFilter, TenantRow, [TenantId]> = {
  name: () => 'tenants',
  key: z.tuple([tenantIdSchema]),
  keyOf: (row) => [row.id],
  select(tx, filter, { after, limit }) {
    let query = tx.db
      .selectFrom('memberships as m')
      .innerJoin('tenants as t', 't.id', 'm.tenant_id')
      .select(['t.id', 't.name', 'm.role', 't.created_at'])
      .where('m.user_id', '=', tx.userId)
      .orderBy('m.tenant_id')
      .limit(limit);
    if (after !== undefined) query = query.where('m.tenant_id', '>', after[0]);
    if (filter.tenantIds !== null) {
      query = query.where(sql<boolean>`m.tenant_id = any(${filter.tenantIds}::uuid[])`);
    }
    return query;
  },
};
