import type { ColumnType, Generated } from 'kysely';
import type { ConnectionId, TenantId } from '../../kernel/ids.ts';

/** How we sign in to a tenant's Graph. */
export interface ConnectionsTable {
  tenant_id: TenantId;
  id: ConnectionId;
  cloud: 'global' | 'usGov' | 'china';
  entra_tenant_id: string;
  client_id: string;
  credential_kind: 'secret' | 'certificate';
  sealed_credential: Buffer;
  version: Generated<number>;
  verified_at: ColumnType<Date | null, never, Date | null>;
  created_at: Generated<Date>;
}
