import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type { ConnectionsTable } from '../db/tables/connections.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { type ConnectionId, connectionIdSchema } from '../kernel/ids.ts';

/** Never the sealed credential: it leaves its room for the token provider only. */
const COLUMNS = [
  'id',
  'cloud',
  'entra_tenant_id',
  'client_id',
  'credential_kind',
  'version',
  'verified_at',
  'created_at',
] as const satisfies readonly (keyof ConnectionsTable)[];

export type ConnectionRow = Pick<Selectable<ConnectionsTable>, (typeof COLUMNS)[number]>;

export const connectionsList: KeysetList<TenantTx, object, ConnectionRow, [ConnectionId]> = {
  name: () => 'connections',
  key: z.tuple([connectionIdSchema]),
  keyOf: (row) => [row.id],
  select(tx, _filter, { after, limit }) {
    const query = tx.db
      .selectFrom('connections')
      .select(COLUMNS)
      .where('tenant_id', '=', tx.tenantId)
      .orderBy('id')
      .limit(limit);
    return after === undefined ? query : query.where('id', '>', after[0]);
  },
};
