import type { Generated } from 'kysely';
import type { TenantId } from '../../kernel/ids.ts';

/** A customer's Entra tenant. */
export interface TenantsTable {
  id: TenantId;
  name: string;
  created_at: Generated<Date>;
}
