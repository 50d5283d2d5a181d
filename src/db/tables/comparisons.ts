import type { ColumnType, Generated } from 'kysely';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import type { BackupId, ComparisonId, PolicyId, RunId, TenantId } from '../../kernel/ids.ts';

/** `live`: a version with the policy as it is; `copies`: versions of another tenant with ours. */
export type ComparisonSubject = 'live' | 'backups' | 'copies';
export type ComparisonState = 'draft' | 'comparing' | 'complete' | 'incomplete';

/** What was compared with what, and how it ended. */
export interface ComparisonsTable {
  tenant_id: TenantId;
  id: ComparisonId;
  kind: ComparisonSubject;
  state: ComparisonState;
  run_id: RunId | null;
  before_label: string;
  after_label: string;
  policy_id: PolicyId | null;
  version_id: string | null;
  before_backup_id: BackupId | null;
  after_backup_id: BackupId | null;
  from_tenant_id: string | null;
  unchanged: Generated<number>;
  counts: ColumnType<JsonObject | null, never, string | null>;
  made_by: string;
  created_at: Generated<Date>;
  completed_at: ColumnType<Date | null, never, Date | null>;
}
