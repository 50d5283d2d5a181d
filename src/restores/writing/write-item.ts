import type { WriteStep } from '../../graph/writing/write-step.ts';
import type { ItemEnding, Waiting } from '../../runs/run-type.ts';
import { changeObject } from './change-object.ts';
import { createObject } from './create-object.ts';
import { codeOf, endingOf, later, settle } from './end-item.ts';
import { type ItemToWrite, loadItem } from './item-to-write.ts';
import type { ItemKey, Write } from './ledger.ts';
import { reach } from './points.ts';
import type { Settled } from './settle-item.ts';
import type { StepEnd } from './step-end.ts';
import { readBack, verifyItem } from './verify-item.ts';
import { waitForOthers } from './wait-for-others.ts';
import type { WritingContext } from './writing-context.ts';

/** When something that this item waits for is looked at again. */
const OTHERS_EVERY_MS = 3_000;

/**
 * Writes one item: its requests one after the other, each written down before it is sent and after
 * it was answered; then reads it back. It may die after any line: the ledger says where to go on.
 */
export async function writeItem(ctx: WritingContext, key: ItemKey): Promise<ItemEnding | Waiting> {
  if (!(await waitForOthers(ctx, key)))
    return later(ctx, OTHERS_EVERY_MS, 'restore.waits_for_item');
  const item = await ctx.inTenant((tx) => loadItem(tx, key));
  // Settled by a worker that died before its run knew.
  if (item.result !== null) return endingOf(item.result, item.resultCode);
  if (item.steps === null) return settle(ctx, item, NEEDED_MISSING);
  let graphId = item.matchGraphId;
  for (const [at, step] of item.steps.entries()) {
    if (at > 0) reach('between_steps');
    const end = await writeStep(ctx, item, item.writes[at], step, graphId);
    if (end.kind === 'later') return later(ctx, end.afterMs, end.code);
    if (end.kind !== 'applied') return settleUnfinished(ctx, item, end, graphId);
    graphId = end.graphId;
  }
  reach('before_verify');
  const verified = await verifyItem(ctx, item, graphId ?? '');
  if (verified.kind === 'later') return later(ctx, verified.afterMs, 'restore.not_visible_yet');
  return settle(ctx, item, verified.settled);
}

async function writeStep(
  ctx: WritingContext,
  item: ItemToWrite,
  write: Write | undefined,
  step: WriteStep,
  graphId: string | null,
): Promise<StepEnd> {
  if (write === undefined) throw new Error('every step has its row in the ledger');
  switch (write.state) {
    case 'applied':
    case 'verified':
      return { kind: 'applied', graphId: write.graphId ?? '' };
    case 'failed':
      return { kind: 'failed', code: codeOf(write.code) };
    case 'unknown':
      return { kind: 'unknown', code: 'restore.decision_needed', candidates: [] };
    case 'planned':
    case 'intent':
      if (step.isCreate) return createObject(ctx, item, write, step);
      return changeObject(ctx, item, write, step, graphId ?? '');
  }
}

const NEEDED_MISSING: Settled = {
  result: 'not_written',
  code: 'restore.dependency_failed',
  graphId: null,
};

/** What it has come to by then is read, so that it can be told and undone. */
async function settleUnfinished(
  ctx: WritingContext,
  item: ItemToWrite,
  end: Extract<StepEnd, { kind: 'failed' | 'unknown' }>,
  graphId: string | null,
): Promise<ItemEnding> {
  const hasObject = end.kind === 'failed' && graphId !== null;
  const read = hasObject ? await readBack(ctx, item, graphId).catch(() => undefined) : undefined;
  return settle(ctx, item, { ...resultOf(end), graphId, ...(read === undefined ? {} : { read }) });
}

function resultOf(end: Extract<StepEnd, { kind: 'failed' | 'unknown' }>): Omit<Settled, 'graphId'> {
  if (end.kind === 'failed') return { result: 'failed', code: end.code };
  return { result: 'unknown', code: end.code, candidates: end.candidates };
}
