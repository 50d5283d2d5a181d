import {
  type Item,
  type ItemEnding,
  type RunContext,
  skipped,
  succeeded,
} from '../runs/run-type.ts';
import { readInstant } from './database-instant.ts';
import { markGone } from './mark-gone.ts';
import { observePolicies } from './observe-policies.ts';
import { readPolicyItem } from './policy-item.ts';
import { readIfThere } from './read-if-there.ts';

/**
 * Works a policy item of a run that keeps nothing of it: the inventory learns whether the policy
 * is there. It is read as it would be kept, since that is the question that every type answers.
 */
export async function lookAtPolicy<Input>(
  ctx: RunContext<Input, 'read'>,
  item: Item,
): Promise<ItemEnding> {
  const policy = readPolicyItem(item.id);
  const lookedAt = await ctx.inTenant(readInstant);
  const face = await readIfThere(ctx, policy);
  return ctx.inTenant(async (tx) => {
    if (face !== undefined) {
      await observePolicies(tx, [{ type: policy.type, face, lookedAt }]);
      return succeeded();
    }
    await markGone(tx, policy, lookedAt);
    return skipped('policy.gone');
  });
}
