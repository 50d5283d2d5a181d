import { parseBody } from '../../backups/parse-body.ts';
import { findUnshown } from '../../graph/writing/show-step.ts';
import type { WriteStep } from '../../graph/writing/write-step.ts';
import { readIfThere } from '../../policies/read-if-there.ts';
import { type ItemToWrite, nameIn } from './item-to-write.ts';
import { findTaken, markApplied, markNotDone, type Write } from './ledger.ts';
import { readNames } from './names-there.ts';
import { reach } from './points.ts';
import type { StepEnd } from './step-end.ts';
import type { WritingContext } from './writing-context.ts';

/** Looks again this often until the time is over within which an object may turn up. */
const LOOKS = 12;

/**
 * Finds out what became of a create whose answer never came: reads the collection to its end, takes
 * away what bore the name before and what other items have made, and compares the rest. One that is
 * as it was sent is ours. None is an answer only after the time within which it may still show up.
 * Several, or one of the name that is not as it was sent: a person decides.
 */
export async function lookForCreated(
  ctx: WritingContext,
  item: ItemToWrite,
  write: Write,
  step: WriteStep,
): Promise<StepEnd | { readonly kind: 'not_made'; readonly write: Write }> {
  // Its age is of before the look: what shows up meanwhile is only seen by the next one.
  const windowMs = ctx.graph.lateVisibilityMs(item.type);
  const { alike, namesakes } = await findCandidates(ctx, item, write, step);
  reach('during_reconcile');
  const [only] = alike;
  if (only !== undefined && alike.length === 1) {
    reach('before_adopt');
    await ctx.record((tx) => markApplied(tx, write, only, true));
    return { kind: 'applied', graphId: only };
  }
  if (alike.length > 1) return decideByHand(alike);
  const ageMs = write.ageMs ?? 0;
  if (ageMs < windowMs) {
    const afterMs = Math.min(windowMs - ageMs, windowMs / LOOKS);
    return { kind: 'later', afterMs, code: 'restore.answer_lost' };
  }
  if (namesakes.length > 0) return decideByHand(namesakes);
  // A lost answer was counted when it was noted; a worker's death was not.
  const why = { code: 'restore.answer_lost', isFailure: write.code === null } as const;
  return {
    kind: 'not_made',
    write: await ctx.record((tx) => markNotDone(tx, write, 'not_found', why)),
  };
}

/** The ledger is told together with the item, so that the candidates are not lost between. */
function decideByHand(candidates: readonly string[]): StepEnd {
  return { kind: 'unknown', code: 'restore.decision_needed', candidates };
}

interface Candidates {
  /** New objects of the name that are as they were sent. */
  readonly alike: readonly string[];
  /** New objects of the name that are not. */
  readonly namesakes: readonly string[];
}

async function findCandidates(
  ctx: WritingContext,
  item: ItemToWrite,
  write: Write,
  step: WriteStep,
): Promise<Candidates> {
  const named = (await readNames(ctx, item.type)).get(nameIn(item, step)) ?? [];
  const taken = await ctx.record((tx) => findTaken(tx, item, item.type));
  const known = new Set([...write.existingIds, ...taken]);
  const alike: string[] = [];
  const namesakes: string[] = [];
  for (const graphId of new Set(named.filter((id) => !known.has(id)))) {
    const live = await readIfThere(ctx, { type: item.type, graphId });
    if (live === undefined) continue;
    const isAlike = findUnshown(item.type, step, parseBody(live.body)).length === 0;
    (isAlike ? alike : namesakes).push(graphId);
  }
  return { alike, namesakes };
}
