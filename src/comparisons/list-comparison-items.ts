import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type { ComparisonItemsTable, ComparisonKind } from '../db/tables/comparison-items.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { ComparisonId } from '../kernel/ids.ts';

const COLUMNS = [
  'subject_id',
  'type',
  'name',
  'kind',
  'before_policy_id',
  'after_policy_id',
  'before_number',
  'after_number',
  'differences',
  'difference_count',
] as const satisfies readonly (keyof ComparisonItemsTable)[];

export type ComparisonItemRow = Pick<Selectable<ComparisonItemsTable>, (typeof COLUMNS)[number]>;

export interface ComparisonItemFilter {
  readonly comparisonId: ComparisonId;
  readonly kind?: ComparisonKind | undefined;
}

/** What a comparison found, in the order of the policies' ids. */
export const comparisonItemsList: KeysetList<
  TenantTx,
  ComparisonItemFilter,
  ComparisonItemRow,
  [string]
> = {
  name: (filter) => `comparison-items/${filter.comparisonId}`,
  key: z.tuple([z.uuid()]),
  keyOf: (row) => [row.subject_id],
  select(tx, filter, { after, limit }) {
    let query = tx.db
      .selectFrom('comparison_items')
      .select(COLUMNS)
      .where('tenant_id', '=', tx.tenantId)
      .where('comparison_id', '=', filter.comparisonId)
      .orderBy('subject_id')
      .limit(limit);
    if (after !== undefined) query = query.where('subject_id', '>', after[0]);
    return filter.kind === undefined ? query : query.where('kind', '=', filter.kind);
  },
};
