import assert from 'node:assert/strict';
import { z } from 'zod';
import { MINUTE } from '../kernel/durations.ts';
import { AppError } from '../kernel/errors.ts';
import { type ComparisonId, comparisonIdSchema } from '../kernel/ids.ts';
import {
  defineRunType,
  type ItemEnding,
  type RunContext,
  type SliceTx,
  succeeded,
} from '../runs/run-type.ts';
import { compareItem, comparisonItem } from './compare-item.ts';
import { nameFinished } from './compare-whole-backups.ts';
import { pairByName } from './copying/pair-by-name.ts';
import { lockComparison, requireComparison } from './find-comparison.ts';
import { settleComparison } from './make-comparison.ts';

const inputSchema = z.strictObject({ comparisonId: comparisonIdSchema });
type Context = RunContext<z.infer<typeof inputSchema>, 'none'>;

/**
 * Compares what was copied from another tenant with this one: policies by type and name, and what
 * they refer to by the names that each tenant gives it.
 */
export const compareTenants = defineRunType({
  name: 'tenant.compare',
  title: 'Compare with another tenant',
  input: inputSchema,
  target: (input) => `comparison:${input.comparisonId}`,
  // as the copying before it
  capability: 'backups:create',
  graph: 'none',
  attemptsMax: 5,
  itemTimeoutMs: 5 * MINUTE,
  // comparing keeps one processor busy: more at once would only hold more bodies
  concurrency: 4,
  perform: {
    async *plan(ctx) {
      await ctx.inTenant((tx) => beginComparison(tx, ctx.input.comparisonId));
      yield { kind: 'listing', id: 'policies', label: 'Policies of both tenants', discovers: true };
    },

    item(ctx, item): Promise<ItemEnding> {
      if (item.kind === 'listing') return pairPolicies(ctx);
      assert(item.kind === 'comparison_item', 'a listing, or a policy');
      return compareItem(ctx, ctx.input.comparisonId, item.id);
    },

    ended: settleComparison,
  },
});

/** What an older run found is forgotten; what this one found before a crash stays. */
async function beginComparison(tx: SliceTx, id: ComparisonId): Promise<void> {
  const comparison = await lockComparison(tx, id);
  if (comparison.kind !== 'copies') throw new AppError('comparison.no_copies');
  if (comparison.from_tenant_id === null) throw new AppError('comparison.nothing_copied');
  if (comparison.run_id === tx.runId) return;
  if (comparison.after_backup_id !== null) await nameFinished(tx, comparison.after_backup_id);
  await tx.db
    .deleteFrom('comparison_items')
    .where('tenant_id', '=', tx.tenantId)
    .where('comparison_id', '=', id)
    .execute();
  await tx.db
    .updateTable('comparisons')
    .set({ state: 'comparing', run_id: tx.runId, counts: null, completed_at: null })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** As many items as are added at once. */
const PAGE = 1_000;

async function pairPolicies(ctx: Context): Promise<ItemEnding> {
  const { comparisonId } = ctx.input;
  await ctx.inTenant(async (tx) => pairByName(tx, await requireComparison(tx, comparisonId)));
  let pairs = 0;
  let last: string | undefined = '00000000-0000-0000-0000-000000000000';
  while (last !== undefined) {
    ctx.signal.throwIfAborted();
    const after: string = last;
    const rows = await ctx.inTenant((tx) => addPairs(tx, ctx, after));
    pairs += rows.length;
    last = rows.length < PAGE ? undefined : rows.at(-1)?.subject_id;
  }
  return succeeded({ pairs });
}

async function addPairs(tx: SliceTx, ctx: Context, after: string) {
  const rows = await tx.db
    .selectFrom('comparison_items')
    .select(['subject_id', 'name'])
    .where('tenant_id', '=', tx.tenantId)
    .where('comparison_id', '=', ctx.input.comparisonId)
    .where('kind', '=', 'uncompared')
    .where('subject_id', '>', after)
    .orderBy('subject_id')
    .limit(PAGE)
    .execute();
  await ctx.addItems(
    tx,
    rows.map((row) => comparisonItem(row.subject_id, row.name)),
  );
  return rows;
}
