import { z } from 'zod';
import { parseBody } from '../backups/parse-body.ts';
import { readVersionBody } from '../backups/read-version.ts';
import { compareBodies, type Difference } from '../graph/compare-bodies.ts';
import { MINUTE } from '../kernel/durations.ts';
import { AppError } from '../kernel/errors.ts';
import { policyIdSchema, versionIdSchema } from '../kernel/ids.ts';
import { readInstant } from '../policies/database-instant.ts';
import { type LocatedPolicy, locatePolicy } from '../policies/locate-policy.ts';
import { markGone } from '../policies/mark-gone.ts';
import { observePolicies } from '../policies/observe-policies.ts';
import { policyItem } from '../policies/policy-item.ts';
import { readIfThere } from '../policies/read-if-there.ts';
import {
  defineRunType,
  once,
  type RunContext,
  type SliceTx,
  skipped,
  succeeded,
} from '../runs/run-type.ts';
import { findLatestSide, findVersionSide, type VersionSide } from './find-version.ts';
import { comparisonIdOf, makeComparison, settleComparison } from './make-comparison.ts';
import { recordDifferences, writeItems } from './write-items.ts';

/** Without a version it is the policy's latest; it may also be one of another policy. */
const inputSchema = z.strictObject({
  policyId: policyIdSchema,
  versionId: versionIdSchema.exactOptional(),
});
type Context = RunContext<z.infer<typeof inputSchema>, 'read'>;

/** Compares a policy as it is now with a version. What was read is not kept. */
export const compareLive = defineRunType({
  name: 'policy.compare_live',
  title: 'Compare with the live policy',
  input: inputSchema,
  target: (input) => `policy:${input.policyId}`,
  subject: (input) => ({ policyId: input.policyId }),
  capability: 'policies:sync',
  graph: 'read',
  attemptsMax: 5,
  itemTimeoutMs: 5 * MINUTE,
  concurrency: 1,
  perform: {
    ...once(
      async (ctx: Context) => {
        const policy = await ctx.inTenant((tx) => locatePolicy(tx, ctx.input.policyId));
        return policyItem(policy, policy.name);
      },
      async (ctx: Context) => compareWithLive(ctx),
    ),
    ended: settleComparison,
  },
});

async function compareWithLive(ctx: Context) {
  const { policy, version, saved, lookedAt } = await ctx.inTenant((tx) => findSides(tx, ctx.input));
  const document = await readIfThere(ctx, policy);
  if (document === undefined) {
    await ctx.inTenant(async (tx) => {
      await markGone(tx, policy, lookedAt);
      await writeResult(tx, ctx, { policy, version }, null);
    });
    return skipped('policy.gone');
  }
  const differences = compareBodies(policy.type, parseBody(saved), parseBody(document.body));
  await ctx.inTenant(async (tx) => {
    await observePolicies(tx, [{ type: policy.type, face: document, lookedAt }]);
    await writeResult(tx, ctx, { policy, version }, differences);
  });
  return succeeded({ version: version.number, differences: differences.length });
}

async function findSides(tx: SliceTx, { policyId, versionId }: Context['input']) {
  const policy = await locatePolicy(tx, policyId);
  const version =
    versionId === undefined
      ? await findLatestSide(tx, policyId)
      : await findVersionSide(tx, versionId);
  if (version === undefined) throw new AppError('comparison.no_version');
  if (version.type !== policy.type) throw new AppError('comparison.types_differ');
  const saved = await readVersionBody(tx, version.content_hash);
  return { policy, version, saved, lookedAt: await readInstant(tx) };
}

/** Null: there is nothing to compare with, for it was deleted. */
async function writeResult(
  tx: SliceTx,
  ctx: Context,
  { policy, version }: { readonly policy: LocatedPolicy; readonly version: VersionSide },
  differences: readonly Difference[] | null,
): Promise<void> {
  const id = comparisonIdOf(tx.runId);
  await makeComparison(tx, {
    kind: 'live',
    policy_id: policy.id,
    version_id: version.id,
    beforeLabel: `${version.name}, version ${version.number}`,
    afterLabel: `${policy.name}, live`,
    madeBy: ctx.initiatorLabel,
  });
  const { policy_id: policyId, number, content_hash: hash } = version;
  await writeItems(tx, id, [
    {
      subjectId: policy.id,
      type: policy.type,
      name: policy.name,
      kind: differences === null ? 'gone' : 'uncompared',
      before: { policyId, number, hash },
      after: { policyId: policy.id, number: null, hash: null },
    },
  ]);
  if (differences !== null) await recordDifferences(tx, id, policy.id, differences);
}
