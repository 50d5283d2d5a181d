import assert from 'node:assert/strict';
import { MINUTE } from '../kernel/durations.ts';
import { defineRunType, type ItemEnding } from '../runs/run-type.ts';
import { beginPlan } from './planning/begin-plan.ts';
import { APPROVALS_ITEM, checkApprovals } from './planning/check-approvals.ts';
import { checkGroups, GROUPS_ITEM } from './planning/check-groups.ts';
import { finishPlan } from './planning/finish-plan.ts';
import { listTarget, targetListing } from './planning/list-target.ts';
import { matchItems } from './planning/match-items.ts';
import { PLAN_ATTEMPTS_MAX, planInputSchema } from './planning/plan-input.ts';
import { planItem } from './planning/plan-item.ts';

/**
 * Previews a restore: what would be created, updated and left out, with the very requests, and
 * writes nothing. It looks through the target first (listings, groups), matches when all of that
 * has ended, and then works item by item.
 */
export const planRestore = defineRunType({
  name: 'restore.plan',
  title: 'Preview restore',
  input: planInputSchema,
  target: (input) => `restore:${input.restoreId}`,
  capability: 'restores:plan',
  graph: 'read',
  attemptsMax: PLAN_ATTEMPTS_MAX,
  // a listing is an item, too: see sync-policies.ts
  itemTimeoutMs: 20 * MINUTE,
  // as many reads as fill a batch of Graph
  concurrency: 20,
  perform: {
    async *plan(ctx) {
      const { connection } = ctx.graph;
      const types = await ctx.inTenant((tx) => beginPlan(tx, ctx.input.restoreId, connection));
      yield* types.map(targetListing);
      yield GROUPS_ITEM;
      yield APPROVALS_ITEM;
    },

    item(ctx, item): Promise<ItemEnding> {
      const { kind } = item;
      if (kind === 'listing') return listTarget(ctx, item);
      if (kind === 'groups') return checkGroups(ctx, item);
      if (kind === 'approvals') return checkApprovals(ctx, item);
      if (kind === 'matching') return matchItems(ctx);
      assert(kind === 'restore_item', 'an item of a restore, or a look at the tenant');
      return planItem(ctx, item);
    },

    finish: finishPlan,
  },
});
