import type { ColumnType, Generated } from 'kysely';
import type { PolicyType } from '../../graph/contracts/list.ts';
import type { JsonValue } from '../../kernel/canonical-json.ts';
import type { ComparisonId, PolicyId, TenantId } from '../../kernel/ids.ts';

/**
 * What became of a policy. `gone`: not in the tenant any more; `left_out`: not on the later side,
 * though it may exist; `ambiguous`: several bear its name, so none is taken for the other;
 * `uncompared`: on both sides, and could not be looked into.
 */
export type ComparisonKind =
  | 'new'
  | 'changed'
  | 'unchanged'
  | 'gone'
  | 'left_out'
  | 'ambiguous'
  | 'uncompared';

/** One policy of a comparison; those that are the same are counted and have none. */
export interface ComparisonItemsTable {
  tenant_id: TenantId;
  comparison_id: ComparisonId;
  subject_id: string;
  type: PolicyType;
  name: string;
  kind: ComparisonKind;
  before_policy_id: PolicyId | null;
  after_policy_id: PolicyId | null;
  before_number: number | null;
  after_number: number | null;
  before_hash: Buffer | null;
  after_hash: Buffer | null;
  source_version_id: string | null;
  differences: ColumnType<JsonValue, string | undefined, string>;
  difference_count: Generated<number>;
}
