import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type { ItemOutcome, RunItemsTable } from '../db/tables/run-items.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { RunId } from '../kernel/ids.ts';

const COLUMNS = [
  'seq',
  'subject_kind',
  'subject_id',
  'label',
  'outcome',
  'code',
  'details',
  'attempts',
  'started_at',
  'ended_at',
] as const satisfies readonly (keyof RunItemsTable)[];

export type RunItemRow = Pick<Selectable<RunItemsTable>, (typeof COLUMNS)[number]>;

export interface RunItemFilter {
  readonly runId: RunId;
  readonly outcome?: ItemOutcome | undefined;
}

/** Items of one run, in the order in which it found them. */
export const runItemsList: KeysetList<TenantTx, RunItemFilter, RunItemRow, [string]> = {
  name: (filter) => `run-items/${filter.runId}`,
  key: z.tuple([z.string().regex(/^\d{1,9}$/)]),
  keyOf: (row) => [String(row.seq)],
  select(tx, filter, { after, limit }) {
    let query = tx.db
      .selectFrom('run_items')
      .select(COLUMNS)
      .where('tenant_id', '=', tx.tenantId)
      .where('run_id', '=', filter.runId)
      .orderBy('seq')
      .limit(limit);
    if (after !== undefined) query = query.where('seq', '>', Number(after[0]));
    if (filter.outcome !== undefined) query = query.where('outcome', '=', filter.outcome);
    return query;
  },
};
