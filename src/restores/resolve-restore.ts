import { z } from 'zod';
import { MINUTE } from '../kernel/durations.ts';
import { restoreIdSchema } from '../kernel/ids.ts';
import { defineRunType } from '../runs/run-type.ts';
import { TENANT_WRITE } from './execute-restore.ts';
import { applyDecision } from './writing/apply-decision.ts';
import { endResolution } from './writing/end-resolution.ts';
import { planResolution } from './writing/plan-resolution.ts';
import { requireResolvable } from './writing/require-resolvable.ts';
import { WRITE_ATTEMPTS_MAX } from './writing/writing-context.ts';

/** Carries out what people decided about the unknown items of a restore, and goes on with them. */
export const resolveRestore = defineRunType({
  name: 'restore.resolve',
  title: 'Carry out decisions',
  input: z.strictObject({ restoreId: restoreIdSchema }),
  target: () => TENANT_WRITE,
  capability: 'restores:execute',
  gate: (tx, input) => requireResolvable(tx, input.restoreId),
  graph: 'write',
  attemptsMax: WRITE_ATTEMPTS_MAX,
  itemTimeoutMs: 10 * MINUTE,
  concurrency: 4,
  perform: {
    async *plan(ctx) {
      yield* await ctx.inTenant((tx) => planResolution(tx, ctx.input.restoreId));
    },
    item: (ctx, item) => applyDecision(ctx, { restoreId: ctx.input.restoreId, versionId: item.id }),
    ended: endResolution,
  },
});
