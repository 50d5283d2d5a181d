import { readInstant } from '../../policies/database-instant.ts';
import { observeGroups } from '../../policies/groups/observe-groups.ts';
import type { RunContext } from '../../runs/run-type.ts';
import { requireRestore } from '../find-restore.ts';
import type { PlanInput } from '../planning/plan-input.ts';
import { readTickedGroups } from './ticked-groups.ts';

/** Looks at once: as many as fit into half a batch of Graph, so that others get their turn. */
const LOOKS = 10;

/**
 * Asks for the groups that bear the name of one that was ticked: the inventory may never have seen
 * them, and a second group of a name would be made. There are a hundred ticks at most.
 */
export async function lookForNames(ctx: RunContext<PlanInput, 'read'>): Promise<number> {
  const ticked = await ctx.inTenant(async (tx) =>
    readTickedGroups(tx, await requireRestore(tx, ctx.input.restoreId)),
  );
  const names = [...new Set(ticked.map(({ name }) => name).filter((name) => name !== null))];
  for (let from = 0; from < names.length; from += LOOKS) {
    const lookedAt = await ctx.inTenant(readInstant);
    const found = await Promise.all(
      names.slice(from, from + LOOKS).map((name) => ctx.graph.groupsNamed(name, ctx.signal)),
    );
    await ctx.inTenant((tx) => observeGroups(tx, found.flat(), lookedAt));
  }
  return names.length;
}
