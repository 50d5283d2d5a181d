import { parseBody } from '../../backups/parse-body.ts';
import type { PolicyDocument } from '../../graph/policy-document.ts';
import { findUnshown, isAsBefore } from '../../graph/writing/show-step.ts';
import type { WriteStep } from '../../graph/writing/write-step.ts';
import { readIfThere } from '../../policies/read-if-there.ts';
import type { ItemToWrite } from './item-to-write.ts';
import { intend, markApplied, markNotDone, noteAmbiguous, readAge, type Write } from './ledger.ts';
import { reach } from './points.ts';
import { sendStep } from './send-step.ts';
import { endNotDone, failStep, type StepEnd } from './step-end.ts';
import { WRITE_ATTEMPTS_MAX, type WritingContext } from './writing-context.ts';

/**
 * Changes or deletes an object that is there. It is read first, each time: what reads as wanted is
 * done already, and what somebody else has changed since the preview is left alone. So it may be
 * sent again when the answer was lost.
 */
export async function changeObject(
  ctx: WritingContext,
  item: ItemToWrite,
  found: Write,
  step: WriteStep,
  graphId: string,
): Promise<StepEnd> {
  const lookedAtMs = ctx.now().getTime();
  const live = await readIfThere(ctx, { type: item.type, graphId });
  const standing = standingOf(item, found, step, live);
  if (standing === 'done') return apply(ctx, found, graphId);
  if (standing === 'not_there') return endMissing(ctx, item, found, lookedAtMs);
  const write = await backToPlanned(ctx, found);
  if (standing === 'drifted') return failStep(ctx, write, 'restore.drifted');
  if (write.failures >= WRITE_ATTEMPTS_MAX) return failStep(ctx, write, 'graph.unavailable');
  reach('before_intent');
  const intended = await ctx.inTenant((tx) => intend(tx, write, null));
  reach('after_intent');
  const result = await sendStep(ctx, item, intended, step, { graphId });
  if (result.kind === 'applied') {
    reach('before_record');
    return apply(ctx, intended, graphId);
  }
  if (result.kind === 'not_executed') {
    // Deleted meanwhile is what was wanted.
    const isGone = step.name === 'delete' && result.code === 'graph.not_found';
    return isGone ? apply(ctx, intended, graphId) : endNotDone(ctx, intended, result);
  }
  reach('answer_lost');
  await ctx.record((tx) => noteAmbiguous(tx, intended, result.code));
  // Its next turn reads again; a moment later, for it may just be under way.
  return { kind: 'later', afterMs: PAUSE_MS * 2 ** intended.failures, code: 'restore.answer_lost' };
}

const PAUSE_MS = 1_000;

async function apply(ctx: WritingContext, write: Write, graphId: string): Promise<StepEnd> {
  await ctx.record((tx) => markApplied(tx, write, graphId, false));
  reach('after_record');
  return { kind: 'applied', graphId };
}

/** An intent of which the object shows nothing may be sent again: it would only do the same. */
async function backToPlanned(ctx: WritingContext, write: Write): Promise<Write> {
  if (write.state !== 'intent') return write;
  const why = { code: 'restore.answer_lost', isFailure: false } as const;
  return ctx.record((tx) => markNotDone(tx, write, 'read_again', why));
}

type Standing = 'done' | 'as_before' | 'drifted' | 'not_there';

function standingOf(
  item: ItemToWrite,
  write: Write,
  step: WriteStep,
  live: PolicyDocument | undefined,
): Standing {
  if (live === undefined) return step.name === 'delete' ? 'done' : 'not_there';
  const isAsPreviewed = live.contentHash === item.liveHash;
  if (step.name === 'delete') {
    return isAsPreviewed || item.isDeleteDecided ? 'as_before' : 'drifted';
  }
  const isUntouched = write.step === 0 && write.attempt === 0;
  if (item.action === 'update' && isUntouched) return isAsPreviewed ? 'as_before' : 'drifted';
  const now = parseBody(live.body);
  if (findUnshown(item.type, step, now).length === 0) return 'done';
  // What this restore has made is nobody else's yet.
  if (item.before === null) return 'as_before';
  return isAsBefore(item.type, step, item.before, now) ? 'as_before' : 'drifted';
}

/** What was just made may show a little later; anything else was deleted. */
async function endMissing(
  ctx: WritingContext,
  item: ItemToWrite,
  write: Write,
  lookedAtMs: number,
): Promise<StepEnd> {
  // Asked anew: it may have been made in this very turn, after earlier attempts came to nothing.
  const ageNowMs = await ctx.record((tx) => readAge(tx, item));
  const ageMs = ageNowMs - (ctx.now().getTime() - lookedAtMs);
  if (item.action === 'create' && ageMs < ctx.graph.lateVisibilityMs(item.type)) {
    return { kind: 'later', afterMs: PAUSE_MS, code: 'restore.not_visible_yet' };
  }
  return failStep(ctx, write, 'policy.gone');
}
