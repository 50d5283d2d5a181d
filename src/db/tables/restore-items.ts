import type { ColumnType, Generated } from 'kysely';
import type { PolicyType } from '../../graph/contracts/list.ts';
import type { JsonValue } from '../../kernel/canonical-json.ts';
import type { RestoreId, TenantId, UserId } from '../../kernel/ids.ts';

export type RestoreChoice = 'create' | 'update' | 'skip' | 'delete';
export type RestoreMatch = 'same_id' | 'same_name' | 'chosen' | 'ambiguous' | 'none';
export type RestoreAction = 'create' | 'update' | 'unchanged' | 'skip' | 'blocked' | 'delete';
export type RestoreRisk = 'low' | 'medium' | 'high';

/**
 * What became of an item. `verified`: it reads back as it was sent; `differs`: it was written, and
 * does not; `failed`: it was begun and not finished; `unknown`: a person has to decide;
 * `not_written`: nothing was sent for it; `removed`: deleted, by decision.
 */
export type RestoreResult =
  | 'verified'
  | 'differs'
  | 'failed'
  | 'unknown'
  | 'not_written'
  | 'removed';
export type RestoreDecision = 'adopt' | 'delete_ours' | 'create_anew' | 'look_again';

/** JSON that is written as text. */
type Json = ColumnType<JsonValue, string | undefined, string>;

/** One version of the source, what was chosen for it, and what the preview found out. */
export interface RestoreItemsTable {
  tenant_id: TenantId;
  restore_id: RestoreId;
  version_id: string;
  type: PolicyType;
  name: string;
  source_graph_id: string;
  content_hash: Buffer;
  has_masked_secrets: boolean;
  group_ids: string[];
  choice: RestoreChoice | null;
  chosen_graph_id: string | null;
  match_kind: RestoreMatch | null;
  match_graph_id: string | null;
  candidates: Json;
  action: RestoreAction | null;
  code: string | null;
  risk: RestoreRisk | null;
  warnings: Json;
  differences: Json;
  difference_count: Generated<number>;
  listed_graph_id: string | null;
  listed_body: Buffer | null;
  live_hash: Buffer | null;
  steps: Buffer | null;
  steps_hash: Buffer | null;
  depends_on: Generated<string[]>;
  position: Generated<number>;
  is_made: Generated<boolean>;
  made_hash: Buffer | null;
  result: RestoreResult | null;
  result_code: string | null;
  result_differences: Json;
  result_candidates: Json;
  result_graph_id: string | null;
  before_hash: Buffer | null;
  after_hash: Buffer | null;
  safety_version_id: string | null;
  settled_at: Date | null;
  decision: RestoreDecision | null;
  decision_graph_id: string | null;
  decided_by: string | null;
  decided_user_id: UserId | null;
  decided_at: Date | null;
  secret_places: Generated<string[]>;
  refers_to: Json;
  new_group_ids: Generated<string[]>;
}
