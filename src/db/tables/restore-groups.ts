import type { Generated } from 'kysely';
import type { RestoreId, TenantId } from '../../kernel/ids.ts';

/** A group that was ticked to be made where it is missing, as the preview found it. */
export interface RestoreGroupsTable {
  tenant_id: TenantId;
  restore_id: RestoreId;
  /** In small letters. */
  source_id: string;
  name: string | null;
  action: 'create' | 'exists' | 'blocked';
  code: string | null;
  /** The one that exists. */
  graph_id: string | null;
  /** The request that would make it, canonical. */
  step: Buffer | null;
  step_hash: Buffer | null;
  /** Items that would be written and wait for it. */
  items: Generated<number>;
}
