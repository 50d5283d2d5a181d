import type { Generated } from 'kysely';
import type { TenantId } from '../../kernel/ids.ts';

/** A policy body, once per content: canonical UTF-8 text, addressed by its SHA-256. */
export interface SnapshotsTable {
  tenant_id: TenantId;
  content_hash: Buffer;
  body: Buffer;
  created_at: Generated<Date>;
}
