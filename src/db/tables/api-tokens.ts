import type { ColumnType, Generated } from 'kysely';
import type { Capability } from '../../kernel/capabilities.ts';
import type { TenantId, TokenId, UserId } from '../../kernel/ids.ts';

/** A bearer token of a user, kept as its SHA-256 only. */
export interface ApiTokensTable {
  id: TokenId;
  user_id: UserId;
  name: string;
  token_hash: Buffer;
  scopes: Capability[];
  tenant_ids: TenantId[] | null;
  created_at: Generated<Date>;
  expires_at: Date;
  revoked_at: ColumnType<Date | null, never, Date | null>;
}
