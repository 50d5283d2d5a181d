import type { Generated } from 'kysely';
import type { RestoreId, RunId, TenantId } from '../../kernel/ids.ts';
import type { WriteProof, WriteState } from './restore-writes.ts';

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
  run_id: RunId | null;
  state: Generated<WriteState>;
  attempt: Generated<number>;
  client_request_id: string | null;
  intent_at: Date | null;
  existing_ids: string[] | null;
  proof: WriteProof | null;
  was_adopted: Generated<boolean>;
  failures: Generated<number>;
  /** The one that was made. */
  made_graph_id: string | null;
  /** Why it was not made. */
  write_code: string | null;
}
