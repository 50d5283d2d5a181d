import type { ColumnType, Generated } from 'kysely';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import type { RestoreId, TenantId } from '../../kernel/ids.ts';

/** Where a snapshot came from that was copied out of another tenant. */
export interface RestoreSourcesTable {
  tenant_id: TenantId;
  restore_id: RestoreId;
  version_id: string;
  version_number: number;
  from_tenant_id: string;
  from_tenant_name: string;
  from_policy_id: string;
  read_at: Date;
  reference_names: ColumnType<JsonObject, string, never>;
  copied_by: string;
  copied_at: Generated<Date>;
}
