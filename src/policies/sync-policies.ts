import { z } from 'zod';
import { POLICY_TYPES } from '../graph/contracts/list.ts';
import { MINUTE } from '../kernel/durations.ts';
import { defineRunType, type NewItem, succeeded } from '../runs/run-type.ts';
import { listingItem, listType, type ObservedPage } from './list-type.ts';
import { lookAtPolicy } from './look-at-policy.ts';
import { policyItem } from './policy-item.ts';

/**
 * Brings the inventory up to date: what exists now, and what is missing. It reads no bodies, but to
 * see whether what no listing held is there, and makes no snapshot: a capture or a backup does.
 */
export const syncPolicies = defineRunType({
  name: 'policy.sync',
  title: 'Sync inventory',
  input: z.strictObject({}),
  target: () => 'inventory',
  capability: 'policies:sync',
  graph: 'read',
  attemptsMax: 5,
  // 10,000 policies in pages of 25 at one page a second, with room for pauses
  itemTimeoutMs: 20 * MINUTE,
  // as many single looks as fill a batch of Graph; listings are few
  concurrency: 20,
  perform: {
    async *plan() {
      yield* POLICY_TYPES.map(listingItem);
    },
    item(ctx, item) {
      if (item.kind === 'policy') return lookAtPolicy(ctx, item);
      return listType(ctx, item, (tx, page) => ctx.addItems(tx, seenItems(page)));
    },
  },
});

function seenItems(page: ObservedPage): NewItem[] {
  return page.map(({ type, face, name }) => ({
    ...policyItem({ type, graphId: face.graphId }, name),
    ending: succeeded(),
  }));
}
