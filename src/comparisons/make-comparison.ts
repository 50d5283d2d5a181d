import { sql } from 'kysely';
import type { ComparisonKind } from '../db/tables/comparison-items.ts';
import type { ComparisonsTable } from '../db/tables/comparisons.ts';
import type { Outcome } from '../db/tables/runs.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { canonicalText } from '../kernel/canonical-json.ts';
import { type ComparisonId, comparisonIdSchema, type RunId } from '../kernel/ids.ts';
import type { SliceTx } from '../runs/run-type.ts';

/** Bears the id of its run, as a backup does: whoever starts the run knows the result's address. */
export function comparisonIdOf(runId: RunId): ComparisonId {
  return comparisonIdSchema.parse(runId);
}

type Sides = Pick<
  ComparisonsTable,
  'policy_id' | 'version_id' | 'before_backup_id' | 'after_backup_id'
>;

export interface NewComparison extends Partial<Sides> {
  readonly kind: ComparisonsTable['kind'];
  readonly beforeLabel: string;
  readonly afterLabel: string;
  readonly madeBy: string;
}

/** Makes the row of a run's comparison; a repeated slice finds it there. */
export async function makeComparison(tx: SliceTx, comparison: NewComparison): Promise<void> {
  const { beforeLabel, afterLabel, madeBy, ...given } = comparison;
  await tx.db
    .insertInto('comparisons')
    .values({
      ...NOTHING_GIVEN,
      ...given,
      tenant_id: tx.tenantId,
      id: comparisonIdOf(tx.runId),
      run_id: tx.runId,
      state: 'comparing',
      before_label: beforeLabel,
      after_label: afterLabel,
      made_by: madeBy,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** What a comparison of another kind is not about. */
export const NOTHING_GIVEN = {
  policy_id: null,
  version_id: null,
  before_backup_id: null,
  after_backup_id: null,
  from_tenant_id: null,
} as const satisfies Partial<ComparisonsTable>;

/** Notes how many policies are the same; set, not added to, for the look may be repeated. */
export async function noteUnchanged(
  tx: TenantTx,
  id: ComparisonId,
  unchanged: number,
): Promise<void> {
  await tx.db
    .updateTable('comparisons')
    .set({ unchanged })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/**
 * Settles what the comparison of a run is worth, in the transaction that ends it: complete only
 * when every policy was looked into. Counted are rows, so nothing is counted twice after a crash.
 */
export async function settleComparison(tx: SliceTx, outcome: Outcome): Promise<void> {
  const comparison = await tx.db
    .selectFrom('comparisons')
    .select(['id', 'unchanged'])
    .where('tenant_id', '=', tx.tenantId)
    .where('run_id', '=', tx.runId)
    .where('state', '=', 'comparing')
    .executeTakeFirst();
  if (comparison === undefined) return;
  const isWhole = outcome === 'succeeded' || outcome === 'partial';
  const counts = isWhole ? canonicalText(await countItems(tx, comparison)) : null;
  await tx.db
    .updateTable('comparisons')
    .set({
      state: outcome === 'succeeded' ? 'complete' : 'incomplete',
      counts,
      completed_at: isWhole ? sql`clock_timestamp()` : null,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', comparison.id)
    .execute();
}

async function countItems(
  tx: TenantTx,
  { id, unchanged }: { readonly id: ComparisonId; readonly unchanged: number },
): Promise<Record<ComparisonKind, number>> {
  const rows = await tx.db
    .selectFrom('comparison_items')
    .select(['kind', ({ fn }) => fn.countAll<string>().as('count')])
    .where('tenant_id', '=', tx.tenantId)
    .where('comparison_id', '=', id)
    .groupBy('kind')
    .execute();
  const counts = {
    new: 0,
    changed: 0,
    unchanged,
    gone: 0,
    left_out: 0,
    ambiguous: 0,
    uncompared: 0,
  };
  for (const { kind, count } of rows) counts[kind] += Number(count);
  return counts;
}
