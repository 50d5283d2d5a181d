import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type { ConnectionsTable } from '../db/tables/connections.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { type ConnectionId, connectionIdSchema } from '../kernel/ids.ts';

type Shown =
  | 'id'
  | 'cloud'
  | 'entra_tenant_id'
  | 'client_id'
  | 'credential_kind'
  | 'version'
  | 'verified_at'
  | 'created_at';

export interface ConnectionRow extends Pick<Selectable<ConnectionsTable>, Shown> {
  /** Null: nothing may write in this tenant. */
  readonly write_client_id: string | null;
  readonly write_verified_at: Date | null;
  /** Null: not armed, or not any more. */
  readonly armed_until: Date | null;
  readonly armed_by: string | null;
}

export const connectionsList: KeysetList<TenantTx, object, ConnectionRow, [ConnectionId]> = {
  name: () => 'connections',
  key: z.tuple([connectionIdSchema]),
  keyOf: (row) => [row.id],
  select(tx, _filter, { after, limit }) {
    const query = selectConnections(tx).orderBy('c.id').limit(limit);
    return after === undefined ? query : query.where('c.id', '>', after[0]);
  },
};

/** One connection as lists show it; somebody has seen that it is this tenant's. */
export function readConnection(tx: TenantTx, id: ConnectionId): Promise<ConnectionRow> {
  return selectConnections(tx).where('c.id', '=', id).executeTakeFirstOrThrow();
}

/** Never the sealed credentials: they leave their room for the token provider only. */
function selectConnections(tx: TenantTx) {
  // Held against the database's clock, so that no reader has to trust its own.
  const isArmed = sql`w.armed_until > clock_timestamp()`;
  return tx.db
    .selectFrom('connections as c')
    .leftJoin('write_registrations as w', (join) =>
      join.onRef('w.tenant_id', '=', 'c.tenant_id').onRef('w.connection_id', '=', 'c.id'),
    )
    .select(['c.id', 'c.cloud', 'c.entra_tenant_id', 'c.client_id', 'c.credential_kind'])
    .select(['c.version', 'c.verified_at', 'c.created_at'])
    .select(['w.client_id as write_client_id', 'w.verified_at as write_verified_at'])
    .select(sql<Date | null>`case when ${isArmed} then w.armed_until end`.as('armed_until'))
    .select(sql<string | null>`case when ${isArmed} then w.armed_by end`.as('armed_by'))
    .where('c.tenant_id', '=', tx.tenantId);
}
