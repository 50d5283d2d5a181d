import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { KeysetList } from '../../db/keyset.ts';
import type { DirectoryGroupsTable } from '../../db/tables/directory-groups.ts';
import type { TenantTx } from '../../db/tenant-tx.ts';

const COLUMNS = [
  'graph_id',
  'name',
  'description',
  'membership_rule',
  'kind',
  'seen_at',
  'missing_since',
] as const satisfies readonly (keyof DirectoryGroupsTable)[];

export type GroupRow = Pick<Selectable<DirectoryGroupsTable>, (typeof COLUMNS)[number]>;

export interface GroupFilter {
  /** Part of the name, whatever its case. */
  readonly nameContains?: string | undefined;
  readonly isMissing?: boolean | undefined;
}

/** The groups of a tenant's directory as last seen, by name. */
export const groupsList: KeysetList<TenantTx, GroupFilter, GroupRow, [string, string]> = {
  name: () => 'groups',
  key: z.tuple([z.string(), z.string()]),
  keyOf: (row) => [row.name, row.graph_id],
  select(tx, filter, { after, limit }) {
    let query = tx.db
      .selectFrom('directory_groups')
      .select(COLUMNS)
      .where('tenant_id', '=', tx.tenantId)
      .orderBy('name')
      .orderBy('graph_id')
      .limit(limit);
    if (after !== undefined) {
      const [name, id] = after;
      query = query.where(sql<boolean>`(name, graph_id) > (${name}, ${id})`);
    }
    if (filter.isMissing !== undefined) {
      query = query.where('missing_since', filter.isMissing ? 'is not' : 'is', null);
    }
    if (filter.nameContains !== undefined) {
      query = query.where(sql<boolean>`position(lower(${filter.nameContains}) in name_key) > 0`);
    }
    return query;
  },
};
