import { readInstantsAgo } from '../policies/database-instant.ts';
import { markGone } from '../policies/mark-gone.ts';
import { type PolicyRef, readPolicyItem } from '../policies/policy-item.ts';
import { readIfThere } from '../policies/read-if-there.ts';
import { type Item, type ItemEnding, type RunContext, skipped } from '../runs/run-type.ts';
import { type BackupToFill, BackupWriter } from './backup-writer.ts';

/** Works a policy item of a backup: reads the policy and puts the version into the backup. */
export async function backUpPolicy<Input>(
  ctx: RunContext<Input, 'read'>,
  item: Item,
  backup: BackupToFill,
): Promise<ItemEnding> {
  const policy = readPolicyItem(item.id);
  const askedAt = ctx.now();
  const document = await readIfThere(ctx, policy);
  if (document !== undefined) return writerOf(ctx, backup).write({ document, askedAt });
  await recordGone(ctx, policy, askedAt);
  return skipped('policy.gone');
}

async function recordGone<Input>(
  ctx: RunContext<Input, 'read'>,
  policy: PolicyRef,
  askedAt: Date,
): Promise<void> {
  await ctx.inTenant(async (tx) => {
    const ageMs = Math.max(0, ctx.now().getTime() - askedAt.getTime());
    const [lookedAt] = await readInstantsAgo(tx, [ageMs]);
    if (lookedAt !== undefined) await markGone(tx, policy, lookedAt);
  });
}

/** One writer per slice: it goes when the slice's context goes. */
const writers = new WeakMap<object, BackupWriter>();

function writerOf<Input>(ctx: RunContext<Input, 'read'>, backup: BackupToFill): BackupWriter {
  const known = writers.get(ctx);
  if (known !== undefined) return known;
  const writer = new BackupWriter(ctx, backup);
  writers.set(ctx, writer);
  return writer;
}
