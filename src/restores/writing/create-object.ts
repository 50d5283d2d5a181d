import type { WriteStep } from '../../graph/writing/write-step.ts';
import { type ItemToWrite, nameIn } from './item-to-write.ts';
import { findTaken, intend, markApplied, noteAmbiguous, type Write } from './ledger.ts';
import { lookForCreated } from './look-for-created.ts';
import { namesOfLate } from './names-there.ts';
import { reach } from './points.ts';
import { sendStep } from './send-step.ts';
import { endNotDone, failStep, type StepEnd } from './step-end.ts';
import { WRITE_ATTEMPTS_MAX, type WritingContext } from './writing-context.ts';

/**
 * Makes an object, once. What became of an earlier attempt is found out first: a create is never
 * sent again before it is known that there is nothing of it.
 */
export async function createObject(
  ctx: WritingContext,
  item: ItemToWrite,
  write: Write,
  step: WriteStep,
): Promise<StepEnd> {
  if (write.state === 'intent') {
    const found = await lookForCreated(ctx, item, write, step);
    return found.kind === 'not_made' ? attempt(ctx, item, found.write, step) : found;
  }
  return attempt(ctx, item, write, step);
}

async function attempt(
  ctx: WritingContext,
  item: ItemToWrite,
  planned: Write,
  step: WriteStep,
): Promise<StepEnd> {
  if (planned.failures >= WRITE_ATTEMPTS_MAX) return failStep(ctx, planned, 'graph.unavailable');
  const existingIds = await findNamesakes(ctx, item, step);
  // The preview saw none of the name: somebody has put it back meanwhile, or made another one.
  if (existingIds.some((id) => !item.ownIds.has(id)) && !item.mayDouble) {
    return failStep(ctx, planned, 'restore.drifted');
  }
  reach('before_intent');
  const write = await ctx.inTenant((tx) => intend(tx, planned, existingIds));
  reach('after_intent');
  const result = await sendStep(ctx, item, write, step, {});
  if (result.kind === 'not_executed') return endNotDone(ctx, write, result);
  if (result.kind === 'ambiguous') {
    reach('answer_lost');
    const noted = await ctx.record((tx) => noteAmbiguous(tx, write, result.code));
    const found = await lookForCreated(ctx, item, noted, step);
    // It cannot be known so soon, unless the waiting time is none: then it waits for its next turn.
    return found.kind === 'not_made' ? { kind: 'later', afterMs: 0, code: result.code } : found;
  }
  const graphId = result.graphId ?? '';
  reach('before_record');
  await ctx.record((tx) => markApplied(tx, write, graphId, false));
  reach('after_record');
  return { kind: 'applied', graphId };
}

/** Objects that bear the name of what is to be made, whoever made them. */
async function findNamesakes(
  ctx: WritingContext,
  item: ItemToWrite,
  step: WriteStep,
): Promise<readonly string[]> {
  const name = nameIn(item, step);
  const names = await namesOfLate(ctx, item.type);
  const own = await ctx.inTenant((tx) => findTaken(tx, item, item.type));
  for (const id of own) item.ownIds.add(id);
  return [...new Set([...(names.get(name) ?? []), ...own])];
}
