import type { TenantTx } from '../db/tenant-tx.ts';
import type { Cloud } from '../graph/clouds.ts';
import { AppError } from '../kernel/errors.ts';
import type { ConnectionId } from '../kernel/ids.ts';

/** A connection without its credential. */
export interface Connection {
  readonly id: ConnectionId;
  readonly cloud: Cloud;
  readonly entraTenantId: string;
  readonly clientId: string;
  /** Grows with each change of the credential. */
  readonly version: number;
  readonly verifiedAt: Date | null;
}

/** The tenant's connection; it has one at most. @throws AppError connection.missing */
export async function requireConnection(tx: TenantTx): Promise<Connection> {
  const row = await tx.db
    .selectFrom('connections')
    .select(['id', 'cloud', 'entra_tenant_id', 'client_id', 'version', 'verified_at'])
    .where('tenant_id', '=', tx.tenantId)
    .executeTakeFirst();
  if (row === undefined) throw new AppError('connection.missing');
  return {
    id: row.id,
    cloud: row.cloud,
    entraTenantId: row.entra_tenant_id,
    clientId: row.client_id,
    version: row.version,
    verifiedAt: row.verified_at,
  };
}
