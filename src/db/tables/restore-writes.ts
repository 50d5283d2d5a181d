import type { Generated } from 'kysely';
import type { PolicyType } from '../../graph/contracts/list.ts';
import type { RestoreId, RunId, TenantId } from '../../kernel/ids.ts';

export type WriteState = 'planned' | 'intent' | 'applied' | 'verified' | 'failed' | 'unknown';

/**
 * Why a write that was begun is known not to have been done: Graph refused it, no byte of it left,
 * reading long enough did not find it, reading the object did not show it, or a person said so.
 */
export type WriteProof = 'refused' | 'not_sent' | 'not_found' | 'read_again' | 'decided';

/** One write to Graph of one item, from before it is sent; 0008_restore_ledger.sql guards it. */
export interface RestoreWritesTable {
  tenant_id: TenantId;
  restore_id: RestoreId;
  version_id: string;
  step: number;
  run_id: RunId | null;
  type: PolicyType;
  name: string;
  is_create: boolean;
  state: Generated<WriteState>;
  attempt: Generated<number>;
  client_request_id: string | null;
  intent_at: Date | null;
  existing_ids: string[] | null;
  proof: WriteProof | null;
  graph_id: string | null;
  was_adopted: Generated<boolean>;
  failures: Generated<number>;
  code: string | null;
}
