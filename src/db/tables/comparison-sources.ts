import type { ColumnType, Generated } from 'kysely';
import type { PolicyType } from '../../graph/contracts/list.ts';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import type { ComparisonId, TenantId } from '../../kernel/ids.ts';

/** A version of another tenant that was copied to be compared. */
export interface ComparisonSourcesTable {
  tenant_id: TenantId;
  comparison_id: ComparisonId;
  version_id: string;
  version_number: number;
  type: PolicyType;
  name: string;
  content_hash: Buffer;
  reference_names: ColumnType<JsonObject, string, never>;
  read_at: Date;
  copied_by: string;
  copied_at: Generated<Date>;
}
