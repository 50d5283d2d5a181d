import type { Generated } from 'kysely';
import type { TenantId } from '../../kernel/ids.ts';

/** The data key of a tenant, wrapped by the key-encryption key. */
export interface TenantKeysTable {
  tenant_id: TenantId;
  wrapped: Buffer;
  created_at: Generated<Date>;
}
