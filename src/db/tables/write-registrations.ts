import type { ColumnType, Generated } from 'kysely';
import type { ConnectionId, TenantId, WriteRegistrationId } from '../../kernel/ids.ts';

/** The application that may write in a tenant, while it is armed. */
export interface WriteRegistrationsTable {
  tenant_id: TenantId;
  connection_id: ConnectionId;
  id: WriteRegistrationId;
  client_id: string;
  credential_kind: 'secret' | 'certificate';
  sealed_credential: Buffer;
  version: Generated<number>;
  verified_at: ColumnType<Date | null, never, Date | null>;
  granted: ColumnType<string[] | null, never, readonly string[] | null>;
  armed_until: ColumnType<Date | null, never, Date | null>;
  armed_by: ColumnType<string | null, never, string | null>;
  armed_reason: ColumnType<string | null, never, string | null>;
  created_at: Generated<Date>;
}
