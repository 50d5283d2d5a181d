import type { NotApplied } from '../../graph/port.ts';
import { ERRORS, type ErrorCode, type SafeDetails } from '../../kernel/errors.ts';
import { markFailed, markNotDone, type Write } from './ledger.ts';
import { WRITE_ATTEMPTS_MAX, type WritingContext } from './writing-context.ts';

/** How one write stands after it was worked. */
export type StepEnd =
  | { readonly kind: 'applied'; readonly graphId: string }
  /** Not now: Graph asked to wait, or what was done does not show yet. */
  | { readonly kind: 'later'; readonly afterMs: number; readonly code: ErrorCode }
  | { readonly kind: 'failed'; readonly code: ErrorCode }
  | {
      readonly kind: 'unknown';
      readonly code: ErrorCode;
      /** Objects of which one may be ours. */
      readonly candidates: readonly string[];
    };

/** Before what came to nothing is tried again; doubles with each failure. */
const PAUSE_MS = 1_000;

/** Graph refused it, or it never left: tried again as its code says, or failed for good. */
export async function endNotDone(
  ctx: WritingContext,
  write: Write,
  { code, details }: NotApplied<'not_executed'>,
): Promise<StepEnd> {
  const isThrottled = code === 'graph.throttled';
  const why = { code, isFailure: !isThrottled };
  const planned = await ctx.record((tx) => markNotDone(tx, write, 'refused', why));
  if (isThrottled) return { kind: 'later', afterMs: secondsIn(details) * 1000, code };
  // A token that is refused was dropped: the next attempt signs in anew.
  const isTokenStale = code === 'graph.sign_in_failed' && planned.failures === 1;
  const mayPass = ERRORS[code].retry === 'later' && planned.failures < WRITE_ATTEMPTS_MAX;
  if (isTokenStale || mayPass) {
    return { kind: 'later', afterMs: PAUSE_MS * 2 ** (planned.failures - 1), code };
  }
  return failStep(ctx, planned, code);
}

export async function failStep(
  ctx: WritingContext,
  write: Write,
  code: ErrorCode,
): Promise<StepEnd> {
  await ctx.record((tx) => markFailed(tx, write, code));
  return { kind: 'failed', code };
}

function secondsIn(details: SafeDetails): number {
  const told = details['retryAfterSeconds'];
  return typeof told === 'number' ? told : 1;
}
