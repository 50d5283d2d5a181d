import { parseBody } from '../backups/parse-body.ts';
import { readVersionBodies } from '../backups/read-version.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { compareBodies } from '../graph/compare-bodies.ts';
import type { PolicyType } from '../graph/contracts/list.ts';
import type { JsonObject } from '../kernel/canonical-json.ts';
import { AppError } from '../kernel/errors.ts';
import type { ComparisonId } from '../kernel/ids.ts';
import { type ItemEnding, type NewItem, type RunContext, succeeded } from '../runs/run-type.ts';
import { nameBothSides } from './copying/name-references.ts';
import { recordDifferences } from './write-items.ts';

/** The item of a run that stands for one policy of its comparison. */
export function comparisonItem(subjectId: string, name: string): NewItem {
  return { kind: 'comparison_item', id: subjectId, label: name };
}

/**
 * Compares one policy that is on both sides: two bodies in memory, each proved by its hash, and
 * both transactions short.
 * @throws AppError snapshot.damaged, which fails this policy and no other
 */
export async function compareItem<Input>(
  ctx: RunContext<Input, 'none'>,
  comparisonId: ComparisonId,
  subjectId: string,
): Promise<ItemEnding> {
  const pair = await ctx.inTenant((tx) => readPair(tx, comparisonId, subjectId));
  const differences = compareBodies(pair.type, pair.before, pair.after);
  await ctx.inTenant((tx) => recordDifferences(tx, comparisonId, subjectId, differences));
  return succeeded({ differences: differences.length });
}

interface Pair {
  readonly type: PolicyType;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

async function readPair(
  tx: TenantTx,
  comparisonId: ComparisonId,
  subjectId: string,
): Promise<Pair> {
  const row = await tx.db
    .selectFrom('comparison_items')
    .select(['type', 'before_hash', 'after_hash', 'source_version_id'])
    .where('tenant_id', '=', tx.tenantId)
    .where('comparison_id', '=', comparisonId)
    .where('subject_id', '=', subjectId)
    .executeTakeFirstOrThrow();
  const { type, before_hash, after_hash, source_version_id } = row;
  if (before_hash === null || after_hash === null) throw new AppError('snapshot.damaged');
  const bodies = await readVersionBodies(tx, [before_hash, after_hash]);
  const pair = {
    type,
    before: parseBody(bodies.get(before_hash.toString('hex'))),
    after: parseBody(bodies.get(after_hash.toString('hex'))),
  };
  if (source_version_id === null) return pair;
  return nameBothSides(tx, { ...pair, comparisonId, sourceVersionId: source_version_id });
}
