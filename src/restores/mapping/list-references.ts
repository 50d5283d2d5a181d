import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { KeysetList } from '../../db/keyset.ts';
import type { ReferenceHow, RestoreReferencesTable } from '../../db/tables/restore-references.ts';
import type { TenantTx } from '../../db/tenant-tx.ts';
import type { RestoreId } from '../../kernel/ids.ts';

const COLUMNS = [
  'kind',
  'source_id',
  'name',
  'how',
  'target',
  'items',
] as const satisfies readonly (keyof RestoreReferencesTable)[];

export type ReferenceRow = Pick<Selectable<RestoreReferencesTable>, (typeof COLUMNS)[number]>;

export interface ReferenceFilter {
  readonly restoreId: RestoreId;
  /** As the preview resolved them. */
  readonly how?: ReferenceHow | undefined;
}

/** What the items of a restore refer to, as its last finished preview resolved it. */
export const referencesList: KeysetList<TenantTx, ReferenceFilter, ReferenceRow, [string, string]> =
  {
    name: (filter) => `restore-references/${filter.restoreId}`,
    key: z.tuple([z.string(), z.string()]),
    keyOf: (row) => [row.kind, row.source_id],
    select(tx, filter, { after, limit }) {
      let query = tx.db
        .selectFrom('restore_references')
        .select(COLUMNS)
        .where('tenant_id', '=', tx.tenantId)
        .where('restore_id', '=', filter.restoreId)
        .orderBy('kind')
        .orderBy('source_id')
        .limit(limit);
      if (after !== undefined) {
        const [kind, id] = after;
        query = query.where(sql<boolean>`(kind, source_id) > (${kind}, ${id})`);
      }
      return filter.how === undefined ? query : query.where('how', '=', filter.how);
    },
  };
