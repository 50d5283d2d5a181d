import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { failureOf } from './answer-failure.ts';
import { type GraphAnswer, type GraphRequest, isSuccess, type Send } from './exchange.ts';
import { retryAfterMs, WAIT_IN_CALL_MAX_MS } from './retry-after.ts';
import { wait } from './wait.ts';

/** Five attempts over at most ~15 s of waiting: longer trouble is the run's to wait for. */
const ATTEMPTS_MAX = 5;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

export interface RetryTools {
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * Repeats reads on 429, 408, 5xx and lost or unreadable answers; every read may be repeated. Gives
 * only successful answers, all else is thrown in our words.
 */
export function retryReads(next: Send, tools: RetryTools): Send {
  return async (first) => {
    let request = first;
    for (let attempt = 1; ; attempt += 1) {
      const result = await attemptRead(next, request, tools);
      if (!('failure' in result)) return result;
      if (!result.mayRepeat || attempt >= ATTEMPTS_MAX) throw result.failure;
      const waitMs = Math.max(result.waitMs ?? 0, backoffMs(attempt, tools.random));
      if (result.shallGoAlone) {
        request = { ...request, isBatchable: false };
      } else if (!result.isHeldElsewhere) {
        if (waitMs > WAIT_IN_CALL_MAX_MS) throw result.failure;
        await wait(waitMs, request.signal);
      }
    }
  };
}

interface FailedAttempt {
  readonly failure: unknown;
  readonly mayRepeat: boolean;
  /** What the answer asked for. */
  readonly waitMs?: number | undefined;
  /** A 429 pauses the whole bucket: the budget lets the repetition through when it may go. */
  readonly isHeldElsewhere?: boolean;
  /** A batch that cannot be read as a whole may hold one bad part: each is asked for by itself. */
  readonly shallGoAlone?: boolean;
}

async function attemptRead(
  next: Send,
  request: GraphRequest,
  tools: RetryTools,
): Promise<GraphAnswer | FailedAttempt> {
  try {
    const answer = await next(request);
    return isSuccess(answer.status) ? answer : judgeAnswer(answer, tools.clock);
  } catch (error) {
    return judgeError(error, request);
  }
}

function judgeAnswer(answer: GraphAnswer, clock: Clock): FailedAttempt {
  const waitMs = retryAfterMs(answer, clock);
  const isThrottled = answer.status === 429;
  return {
    failure: failureOf(answer, waitMs ?? (isThrottled ? FIRST_WAIT_MS * 10 : undefined)),
    mayRepeat: isThrottled || answer.status === 408 || answer.status >= 500,
    waitMs,
    isHeldElsewhere: isThrottled,
  };
}

function judgeError(error: unknown, request: GraphRequest): FailedAttempt {
  const code = error instanceof AppError ? error.code : undefined;
  const isUnreadable = code === 'graph.answer_unreadable' || code === 'graph.number_unsafe';
  if (isUnreadable && request.isBatchable) {
    return { failure: error, mayRepeat: true, shallGoAlone: true };
  }
  const mayRepeat = code === 'graph.unavailable' || code === 'graph.answer_unreadable';
  return { failure: error, mayRepeat };
}

/** Full jitter: many workers that failed together do not come back together. */
function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
}
