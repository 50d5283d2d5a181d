import { z } from 'zod';
import { MINUTE } from '../kernel/durations.ts';
import { policyIdSchema } from '../kernel/ids.ts';
import { plainText } from '../kernel/plain-text.ts';
import { readInstant } from '../policies/database-instant.ts';
import { locatePolicy } from '../policies/locate-policy.ts';
import { markGone } from '../policies/mark-gone.ts';
import { observePolicies } from '../policies/observe-policies.ts';
import { policyItem } from '../policies/policy-item.ts';
import { readIfThere } from '../policies/read-if-there.ts';
import { defineRunType, once, type RunContext, skipped, succeeded } from '../runs/run-type.ts';
import { keepVersions } from './keep-version.ts';

const inputSchema = z.strictObject({ policyId: policyIdSchema, reason: plainText(200) });
type Context = RunContext<z.infer<typeof inputSchema>, 'read'>;

/** Keeps one policy as it is now as a version, unless the latest version says the same. */
export const captureSnapshot = defineRunType({
  name: 'policy.capture_snapshot',
  title: 'Capture snapshot',
  input: inputSchema,
  target: (input) => `policy:${input.policyId}`,
  subject: (input) => ({ policyId: input.policyId }),
  capability: 'backups:create',
  graph: 'read',
  attemptsMax: 5,
  itemTimeoutMs: 5 * MINUTE,
  concurrency: 1,
  perform: once(
    async (ctx: Context) => {
      const policy = await ctx.inTenant((tx) => locatePolicy(tx, ctx.input.policyId));
      return policyItem(policy, policy.name);
    },
    async (ctx: Context) => {
      const { policy, lookedAt } = await ctx.inTenant(async (tx) => ({
        policy: await locatePolicy(tx, ctx.input.policyId),
        lookedAt: await readInstant(tx),
      }));
      const document = await readIfThere(ctx, policy);
      if (document === undefined) {
        await ctx.inTenant((tx) => markGone(tx, policy, lookedAt));
        return skipped('policy.gone');
      }
      const kept = await ctx.inTenant(async (tx) => {
        const look = { type: policy.type, face: document, lookedAt };
        const why = { runId: ctx.runId, madeBy: ctx.initiatorLabel, reason: ctx.input.reason };
        const versions = await keepVersions(tx, await observePolicies(tx, [look]), why);
        return versions.get(policy.id);
      });
      if (kept === undefined) throw new Error('a document of another policy was read');
      const details = { version: kept.number };
      return kept.isNew ? succeeded(details) : skipped('policy.unchanged', details);
    },
  ),
});
