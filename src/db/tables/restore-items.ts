import type { ColumnType, Generated } from 'kysely';
import type { PolicyType } from '../../graph/contracts/list.ts';
import type { JsonValue } from '../../kernel/canonical-json.ts';
import type { RestoreId, TenantId } from '../../kernel/ids.ts';

export type RestoreChoice = 'create' | 'update' | 'skip';
export type RestoreMatch = 'same_id' | 'same_name' | 'chosen' | 'ambiguous' | 'none';
export type RestoreAction = 'create' | 'update' | 'unchanged' | 'skip' | 'blocked';
export type RestoreRisk = 'low' | 'medium' | 'high';

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
  refers_to: Json;
  new_group_ids: Generated<string[]>;
}
