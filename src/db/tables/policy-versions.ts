import type { Generated } from 'kysely';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import type { PolicyId, RunId, TenantId, VersionId } from '../../kernel/ids.ts';

/** A numbered snapshot of a policy; never changed. */
export interface PolicyVersionsTable {
  tenant_id: TenantId;
  id: VersionId;
  policy_id: PolicyId;
  number: number;
  content_hash: Buffer;
  assignments_hash: Buffer;
  scope_tags_hash: Buffer;
  name: string;
  reason: string;
  made_by: string;
  run_id: RunId | null;
  read_at: Date;
  has_masked_secrets: boolean;
  meta: JsonObject;
  group_ids: string[];
  created_at: Generated<Date>;
}
