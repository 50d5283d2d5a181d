import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type { RestoresTable } from '../db/tables/restores.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { type RestoreId, restoreIdSchema } from '../kernel/ids.ts';

const COLUMNS = [
  'id',
  'name',
  'state',
  'source_kind',
  'backup_id',
  'made_by',
  'created_at',
  'plan_run_id',
  'planned_at',
  'origin_kind',
  'origin_id',
  'outcome',
] as const satisfies readonly (keyof RestoresTable)[];

export type RestoreRow = Pick<Selectable<RestoresTable>, (typeof COLUMNS)[number]>;

/** Restores of a tenant, newest first. */
export const restoresList: KeysetList<TenantTx, object, RestoreRow, [RestoreId]> = {
  name: () => 'restores',
  key: z.tuple([restoreIdSchema]),
  keyOf: (row) => [row.id],
  select(tx, _filter, { after, limit }) {
    const query = tx.db
      .selectFrom('restores')
      .select(COLUMNS)
      .where('tenant_id', '=', tx.tenantId)
      .orderBy('id', 'desc')
      .limit(limit);
    return after === undefined ? query : query.where('id', '<', after[0]);
  },
};
