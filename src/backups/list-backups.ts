import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type { BackupsTable } from '../db/tables/backups.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { type BackupId, backupIdSchema } from '../kernel/ids.ts';

const COLUMNS = [
  'id',
  'name',
  'state',
  'selection',
  'run_id',
  'made_by',
  'created_at',
  'completed_at',
] as const satisfies readonly (keyof BackupsTable)[];

export type BackupRow = Pick<Selectable<BackupsTable>, (typeof COLUMNS)[number]>;

/** Backups of a tenant, newest first. */
export const backupsList: KeysetList<TenantTx, object, BackupRow, [BackupId]> = {
  name: () => 'backups',
  key: z.tuple([backupIdSchema]),
  keyOf: (row) => [row.id],
  select(tx, _filter, { after, limit }) {
    const query = tx.db
      .selectFrom('backups')
      .select(COLUMNS)
      .where('tenant_id', '=', tx.tenantId)
      .orderBy('id', 'desc')
      .limit(limit);
    return after === undefined ? query : query.where('id', '<', after[0]);
  },
};

/** One backup of this tenant; undefined when there is none. */
export function findBackup(tx: TenantTx, id: BackupId): Promise<BackupRow | undefined> {
  return tx.db
    .selectFrom('backups')
    .select(COLUMNS)
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}
