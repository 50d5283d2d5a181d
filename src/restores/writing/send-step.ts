import type { WriteResult, WriteTarget } from '../../graph/port.ts';
import { LEAVES_WITHIN_MS } from '../../graph/writing/late-visibility.ts';
import type { WriteStep } from '../../graph/writing/write-step.ts';
import { AppError } from '../../kernel/errors.ts';
import { markNotDone, type Write } from './ledger.ts';
import { reach } from './points.ts';
import type { WritingContext } from './writing-context.ts';

/**
 * Sends a step whose intent is written down. A cancel or a stop keeps it from leaving, and does not
 * break it off once it has left: it would only not be known what became of it.
 * @throws what kept it from leaving; nothing was sent then, and the ledger says so
 */
export async function sendStep(
  ctx: WritingContext,
  write: Write,
  step: WriteStep,
  target: WriteTarget,
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
    return await ctx.graph.perform(step, target, {
      clientRequestId: write.clientRequestId ?? '',
      signal: giveUp.signal,
      beforeDispatch,
    });
  } catch (error) {
    const why = { code: 'run.interrupted', isFailure: false } as const;
    // Best effort: without this the next slice takes it for ambiguous, and looks.
    await ctx.record((tx) => markNotDone(tx, write, 'not_sent', why)).catch(() => {});
    throw error;
  } finally {
    ctx.signal.removeEventListener('abort', stop);
  }
}

/** Its turn did not come in time; it is announced anew, at no attempt. */
function heldUp(): AppError {
  return new AppError('graph.throttled', { retryAfterSeconds: 1 });
}
