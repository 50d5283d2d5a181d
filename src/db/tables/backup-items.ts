import type { Generated } from 'kysely';
import type { BackupId, PolicyId, TenantId, VersionId } from '../../kernel/ids.ts';

/** One version in a backup. */
export interface BackupItemsTable {
  tenant_id: TenantId;
  backup_id: BackupId;
  policy_id: PolicyId;
  version_id: VersionId;
  is_new: boolean;
  metadata_only: Generated<boolean>;
  secret_values_missing: Generated<boolean>;
}
