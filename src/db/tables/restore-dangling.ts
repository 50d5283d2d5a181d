import type { PolicyId, RestoreId, TenantId } from '../../kernel/ids.ts';

/** A policy that refers to an object by an id that is gone; it was made anew under another. */
export interface RestoreDanglingTable {
  tenant_id: TenantId;
  restore_id: RestoreId;
  version_id: string;
  policy_id: PolicyId;
  at: string;
  kind: string;
  old_id: string;
  new_id: string;
}
