import { sql } from 'kysely';
import type { ComparisonKind } from '../db/tables/comparison-items.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { Difference } from '../graph/compare-bodies.ts';
import type { PolicyType } from '../graph/contracts/list.ts';
import type { ComparisonId, PolicyId } from '../kernel/ids.ts';
import { keptDifferences } from './keep-differences.ts';

/** One side of a policy: which version, and of which policy of this tenant. */
export interface ItemSide {
  readonly policyId: PolicyId | null;
  readonly number: number | null;
  readonly hash: Buffer | null;
}

export interface NewItemRow {
  readonly subjectId: string;
  readonly type: PolicyType;
  readonly name: string;
  readonly kind: ComparisonKind;
  readonly before: ItemSide;
  readonly after: ItemSide;
}

/** Writes rows; one that is there already stays, for it may have been looked into since. */
export async function writeItems(
  tx: TenantTx,
  comparisonId: ComparisonId,
  items: readonly NewItemRow[],
): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map(({ subjectId, type, name, kind, before, after }) => ({
    tenant_id: tx.tenantId,
    comparison_id: comparisonId,
    subject_id: subjectId,
    type,
    name,
    kind,
    before_policy_id: before.policyId,
    after_policy_id: after.policyId,
    before_number: before.number,
    after_number: after.number,
    before_hash: before.hash,
    after_hash: after.hash,
    source_version_id: null,
  }));
  await tx.db
    .insertInto('comparison_items')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Writes down what was found in a policy that is on both sides. */
export async function recordDifferences(
  tx: TenantTx,
  comparisonId: ComparisonId,
  subjectId: string,
  differences: readonly Difference[],
): Promise<void> {
  await tx.db
    .updateTable('comparison_items')
    .set({
      kind: differences.length === 0 ? 'unchanged' : 'changed',
      differences: sql`${JSON.stringify(keptDifferences(differences))}::json`,
      difference_count: differences.length,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('comparison_id', '=', comparisonId)
    .where('subject_id', '=', subjectId)
    .execute();
}
