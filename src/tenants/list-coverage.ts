import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type { CoverageTable } from '../db/tables/coverage.ts';
import type { TenantTx } from '../db/tenant-tx.ts';

const COLUMNS = [
  'policy_type',
  'state',
  'code',
  'checked_at',
] as const satisfies readonly (keyof CoverageTable)[];

export type CoverageRow = Pick<Selectable<CoverageTable>, (typeof COLUMNS)[number]>;

/** What the connection can see, by policy type. */
export const coverageList: KeysetList<TenantTx, object, CoverageRow, [string]> = {
  name: () => 'coverage',
  key: z.tuple([z.string().max(100)]),
  keyOf: (row) => [row.policy_type],
  select(tx, _filter, { after, limit }) {
    const query = tx.db
      .selectFrom('coverage')
      .select(COLUMNS)
      .where('tenant_id', '=', tx.tenantId)
      .orderBy('policy_type')
      .limit(limit);
    return after === undefined ? query : query.where('policy_type', '>', after[0]);
  },
};
