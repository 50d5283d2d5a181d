import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type {
  RestoreAction,
  RestoreItemsTable,
  RestoreResult,
} from '../db/tables/restore-items.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { RestoreId } from '../kernel/ids.ts';

const COLUMNS = [
  'version_id',
  'type',
  'name',
  'content_hash',
  'choice',
  'match_kind',
  'match_graph_id',
  'candidates',
  'action',
  'code',
  'risk',
  'warnings',
  'differences',
  'difference_count',
  'group_ids',
  'position',
  'result',
  'result_code',
  'result_graph_id',
  'result_differences',
  'result_candidates',
  'decision',
  'before_hash',
  'after_hash',
  'settled_at',
  'secret_places',
] as const satisfies readonly (keyof RestoreItemsTable)[];

export type RestoreItemRow = Pick<Selectable<RestoreItemsTable>, (typeof COLUMNS)[number]>;

export interface RestoreItemFilter {
  readonly restoreId: RestoreId;
  readonly action?: RestoreAction | undefined;
  readonly result?: RestoreResult | undefined;
}

/** The items of a restore, in the order in which they would be written. */
export const restoreItemsList: KeysetList<
  TenantTx,
  RestoreItemFilter,
  RestoreItemRow,
  [string, string]
> = {
  name: (filter) => `restore-items/${filter.restoreId}`,
  key: z.tuple([z.string().regex(/^\d{1,9}$/), z.uuid()]),
  keyOf: (row) => [String(row.position), row.version_id],
  select(tx, filter, { after, limit }) {
    let query = tx.db
      .selectFrom('restore_items')
      .select(COLUMNS)
      .where('tenant_id', '=', tx.tenantId)
      .where('restore_id', '=', filter.restoreId)
      .orderBy('position')
      .orderBy('version_id')
      .limit(limit);
    if (after !== undefined) {
      const [position, versionId] = after;
      query = query.where(
        sql<boolean>`(position, version_id) > (${Number(position)}, ${versionId}::uuid)`,
      );
    }
    if (filter.action !== undefined) query = query.where('action', '=', filter.action);
    if (filter.result !== undefined) query = query.where('result', '=', filter.result);
    return query;
  },
};
