import { parseBody } from '../../backups/parse-body.ts';
import { compareWithSent } from '../../graph/writing/show-step.ts';
import { readInstant } from '../../policies/database-instant.ts';
import { readIfThere } from '../../policies/read-if-there.ts';
import type { ItemToWrite } from './item-to-write.ts';
import { readAge } from './ledger.ts';
import type { Settled } from './settle-item.ts';
import type { WritingContext } from './writing-context.ts';

export type Verified =
  | { readonly kind: 'settled'; readonly settled: Settled }
  /** It does not show yet what was written. */
  | { readonly kind: 'later'; readonly afterMs: number };

/** A copy of the directory may lag behind for this part of the time within which things show up. */
const LAG_SHARE = 1 / 8;
const LOOK_AGAIN_MS = 1_000;

/**
 * Reads a written object back, until it is visible, and says where it is not as it was sent. Graph
 * is given some time for that: another of its copies may still answer with what was there before.
 */
export async function verifyItem(
  ctx: WritingContext,
  item: ItemToWrite,
  graphId: string,
): Promise<Verified> {
  const windowMs = ctx.graph.lateVisibilityMs(item.type);
  // Of before the look: what shows up meanwhile is only seen by the next one.
  const ageMs = await ctx.inTenant((tx) => readAge(tx, item));
  const read = await readBack(ctx, item, graphId);
  if (item.action === 'delete') {
    if (read === undefined) return settled({ result: 'removed', code: null, graphId });
    if (ageMs < windowMs) return { kind: 'later', afterMs: LOOK_AGAIN_MS };
    return settled({ result: 'differs', code: 'restore.still_there', graphId });
  }
  if (read === undefined) {
    if (ageMs < windowMs) return { kind: 'later', afterMs: Math.min(windowMs, LOOK_AGAIN_MS) };
    return settled({ result: 'differs', code: 'restore.not_visible', graphId });
  }
  const body = parseBody(read.live.body);
  const differences = compareWithSent(item.type, item.steps ?? [], body);
  if (differences.length === 0) return settled({ result: 'verified', code: null, graphId, read });
  if (ageMs < windowMs * LAG_SHARE) return { kind: 'later', afterMs: LOOK_AGAIN_MS };
  return settled({ result: 'differs', code: 'restore.differs', graphId, read, differences });
}

/** The object as it is now; undefined when it is not there. */
export async function readBack(
  ctx: WritingContext,
  { type }: Pick<ItemToWrite, 'type'>,
  graphId: string,
): Promise<Settled['read']> {
  const lookedAt = await ctx.record(readInstant);
  const live = await readIfThere(ctx, { type, graphId });
  return live === undefined ? undefined : { live, lookedAt };
}

function settled(what: Settled): Verified {
  return { kind: 'settled', settled: what };
}
