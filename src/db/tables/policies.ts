import type { Generated } from 'kysely';
import type { PolicyType } from '../../graph/contracts/list.ts';
import type { PolicyId, TenantId } from '../../kernel/ids.ts';

/** An object last observed in a tenant. */
export interface PoliciesTable {
  tenant_id: TenantId;
  id: PolicyId;
  type: PolicyType;
  graph_id: string;
  name: string;
  platform: string | null;
  last_modified_at: string | null;
  first_seen_at: Generated<Date>;
  last_seen_at: Generated<Date>;
  missing_since: Date | null;
  latest_version: number | null;
  last_read_at: Date | null;
}
