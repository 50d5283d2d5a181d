import { z } from 'zod';
import { MINUTE } from '../kernel/durations.ts';
import { AppError } from '../kernel/errors.ts';
import { backupIdSchema } from '../kernel/ids.ts';
import { locatePolicies } from '../policies/locate-policy.ts';
import { policyItem } from '../policies/policy-item.ts';
import { defineRunType, failed, type NewItem, type SliceTx, skipped } from '../runs/run-type.ts';
import { backUpPolicy } from './back-up-policy.ts';
import { findBackedUp } from './fill-backup.ts';
import { hasBackup } from './make-backup.ts';
import { nameGroups } from './name-groups.ts';
import { chosenPoliciesSchema } from './selection.ts';

const inputSchema = z.strictObject({
  backupId: backupIdSchema,
  policyIds: chosenPoliciesSchema,
});
type Input = z.infer<typeof inputSchema>;

/** Adds chosen policies, as they are now, to a backup that exists. */
export const addPolicies = defineRunType({
  name: 'backup.add_policies',
  title: 'Add policies to backup',
  input: inputSchema,
  target: (input) => `backup:${input.backupId}`,
  subject: (input) => ({ backupId: input.backupId }),
  capability: 'backups:create',
  graph: 'read',
  attemptsMax: 5,
  itemTimeoutMs: 5 * MINUTE,
  concurrency: 100,
  perform: {
    async *plan(ctx) {
      yield* await ctx.inTenant((tx) => planAdditions(tx, ctx.input));
    },
    item: (ctx, item) =>
      backUpPolicy(ctx, item, { id: ctx.input.backupId, reason: 'Added to a backup' }),
    finish: (ctx) => nameGroups(ctx, ctx.input.backupId),
  },
});

/** What is in the backup already is settled here: later it might be by this very run. */
async function planAdditions(tx: SliceTx, input: Input): Promise<NewItem[]> {
  if (!(await hasBackup(tx, input.backupId))) throw new AppError('forbidden');
  const located = await locatePolicies(tx, input.policyIds);
  const backedUp = await findBackedUp(tx, input.backupId, input.policyIds);
  return input.policyIds.map((id) => {
    const policy = located.get(id);
    if (policy === undefined) {
      return { kind: 'policy', id, label: id, ending: failed('forbidden') };
    }
    const item = policyItem(policy, policy.name);
    const inIt = backedUp.get(id);
    if (inIt === undefined) return item;
    return { ...item, ending: skipped('policy.already_in_backup', { version: inIt.number }) };
  });
}
