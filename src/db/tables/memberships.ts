import type { Generated } from 'kysely';
import type { Role } from '../../kernel/capabilities.ts';
import type { TenantId, UserId } from '../../kernel/ids.ts';

/** Who holds which role in a tenant. */
export interface MembershipsTable {
  tenant_id: TenantId;
  user_id: UserId;
  role: Role;
  created_at: Generated<Date>;
}
