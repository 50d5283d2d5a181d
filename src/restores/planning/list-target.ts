import { contractOf, type PolicyType, policyTypeSchema } from '../../graph/contracts/list.ts';
import { askAhead } from '../../policies/ask-ahead.ts';
import { readInstant } from '../../policies/database-instant.ts';
import { observePolicies } from '../../policies/observe-policies.ts';
import {
  type Item,
  type ItemEnding,
  type NewItem,
  type RunContext,
  succeeded,
} from '../../runs/run-type.ts';
import { findCoverage, recordCoverage } from '../../tenants/record-coverage.ts';
import { keepListedBodies } from './listed-bodies.ts';
import { workLook } from './note-look.ts';
import type { PlanInput } from './plan-input.ts';

/** The item that lists one type of the target. */
export function targetListing(type: PolicyType): NewItem {
  return { kind: 'listing', id: type, label: contractOf(type).title, discovers: true };
}

/**
 * Lists a type of the target into the inventory, where matches are looked for. Unlike a sync it
 * leaves alone what no listing held: matching looks at those that an item could mean.
 */
export function listTarget(ctx: RunContext<PlanInput, 'read'>, item: Item): Promise<ItemEnding> {
  const type = policyTypeSchema.parse(item.id);
  return workLook(ctx, item, async () => {
    try {
      return await listToEnd(ctx, type);
    } catch (error) {
      const finding = findCoverage(error);
      if (finding === undefined) throw error;
      await ctx.inTenant((tx) => recordCoverage(tx, type, finding.state, finding.code));
      return finding.ending;
    }
  });
}

async function listToEnd(
  ctx: RunContext<PlanInput, 'read'>,
  type: PolicyType,
): Promise<ItemEnding> {
  let lookedAt = await ctx.inTenant(readInstant);
  let writtenAt = lookedAt;
  let seen = 0;
  for await (const listed of askAhead(ctx.graph.list(type, ctx.signal))) {
    const looks = listed.map((face) => ({ type, face, lookedAt }));
    seen += listed.length;
    // The next page was asked for just now, after the page before this one was written down.
    lookedAt = writtenAt;
    writtenAt = await ctx.inTenant(async (tx) => {
      await observePolicies(tx, looks);
      await keepListedBodies(tx, ctx.input.restoreId, type, listed);
      return readInstant(tx);
    });
  }
  await ctx.inTenant((tx) => recordCoverage(tx, type, 'covered'));
  return succeeded({ seen });
}
