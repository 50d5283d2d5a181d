import type { Generated, JSONColumnType } from 'kysely';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import type { TenantId } from '../../kernel/ids.ts';

/** The answer that a start gave under an Idempotency-Key, replayed for 24 hours. */
export interface IdempotencyKeysTable {
  tenant_id: TenantId;
  principal_id: string;
  route: string;
  key: string;
  body_hash: Buffer;
  status: number;
  response: JSONColumnType<JsonObject>;
  created_at: Generated<Date>;
}
