import type { SealedValue, WriteResult, WriteTarget } from '../../graph/port.ts';
import { LEAVES_WITHIN_MS } from '../../graph/writing/late-visibility.ts';
import type { WriteStep } from '../../graph/writing/write-step.ts';
import { AppError } from '../../kernel/errors.ts';
import type { SliceTx } from '../../runs/run-type.ts';
import type { ItemToWrite } from './item-to-write.ts';
import { markNotDone, type Write } from './ledger.ts';
import { reach } from './points.ts';
import type { WritingContext } from './writing-context.ts';

/** Sends a step of an item whose intent is written down; see `sendRequest`. */
export function sendStep(
  ctx: WritingContext,
  { secrets }: Pick<ItemToWrite, 'secrets'>,
  write: Write,
  step: WriteStep,
  target: WriteTarget,
): Promise<WriteResult> {
  const request = { step, target, clientRequestId: write.clientRequestId ?? '', secrets };
  return sendRequest(ctx, request, (tx, why) => markNotDone(tx, write, 'not_sent', why));
}

interface Request {
  readonly step: WriteStep;
  readonly target: WriteTarget;
  readonly clientRequestId: string;
  readonly secrets: readonly SealedValue[];
}

const NOT_SENT = { code: 'run.interrupted', isFailure: false } as const;

/**
 * Sends a request whose intent is written down. A cancel or a stop keeps it from leaving, and does
 * not break it off once it has left: it would only not be known what became of it.
 * @throws what kept it from leaving; nothing was sent then, and the ledger says so
 */
export async function sendRequest(
  ctx: WritingContext,
  { step, target, clientRequestId, secrets }: Request,
  noteNotSent: (tx: SliceTx, why: typeof NOT_SENT) => Promise<unknown>,
): Promise<WriteResult> {
  const giveUp = new AbortController();
  const stop = () => giveUp.abort(ctx.signal.reason);
  if (ctx.signal.aborted) stop();
  ctx.signal.addEventListener('abort', stop, { once: true });
  const announcedAtMs = ctx.now().getTime();
  const beforeDispatch = () => {
    ctx.signal.throwIfAborted();
    // Whoever looks for what became of it counts from the intent.
    if (ctx.now().getTime() - announcedAtMs > LEAVES_WITHIN_MS) throw heldUp();
    ctx.requireLease();
    ctx.signal.removeEventListener('abort', stop);
    reach('request_sent');
  };
  try {
    const { signal } = giveUp;
    const attempt = { clientRequestId, signal, beforeDispatch, secrets };
    return await ctx.graph.perform(step, target, attempt);
  } catch (error) {
    // Best effort: without this the next slice takes it for ambiguous, and looks.
    await ctx.record((tx) => noteNotSent(tx, NOT_SENT)).catch(() => {});
    throw error;
  } finally {
    ctx.signal.removeEventListener('abort', stop);
  }
}

/** Its turn did not come in time; it is announced anew, at no attempt. */
function heldUp(): AppError {
  return new AppError('graph.throttled', { retryAfterSeconds: 1 });
}
