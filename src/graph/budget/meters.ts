import { MINUTE, SECOND } from '../../kernel/durations.ts';
import type { GraphLimit } from './limits.ts';

/** Counts what was let through, and says when the next may go. All times are monotonic. */
export interface Meter {
  /** Not later than it turns out to be: whoever waits asks again then. */
  earliestAtMs(nowMs: number, cost: number): number;
  take(nowMs: number, cost: number): Taken;
  /** What the limit allows in the long run. */
  readonly perSecond: number;
}

/** A request that was let through. */
export interface Taken {
  /** It is answered, or will not be: nothing of it is under way any more. */
  end(nowMs: number): void;
}

/**
 * Of a window this share is used: it is counted so that latency cannot add to it, and what is left
 * is for what Graph counts otherwise than we do. Each percent is a percent of a restore's time.
 */
const WINDOW_SHARE_USED = 0.98;

/**
 * Of a rate without a burst: requests reach Graph later than we count them, by a latency that
 * varies, so that what was evenly spaced here may arrive closer together there.
 */
const SHARE_USED = 0.95;

/** A burst takes up the jitter, and each percent is a percent of time. */
const RATE_SHARE_USED = 0.975;

export function meterOf(limit: GraphLimit): Meter {
  if (limit.kind === 'window') {
    return meterWindow(Math.max(1, Math.floor(limit.requests * WINDOW_SHARE_USED)), limit.windowMs);
  }
  const burst = Math.max(1, Math.floor(limit.burst * SHARE_USED));
  return meterRate(limit.perSecond * (burst > 1 ? RATE_SHARE_USED : SHARE_USED), burst);
}

/** A call has ended by then, whatever became of it. */
const UNDER_WAY_MAX_MS = MINUTE + 5 * SECOND;

/**
 * A sliding window, counted exactly: when a request reaches Graph is not known, but it is between
 * its leave and its end. So it counts from its leave until a window after its end, and no window at
 * Graph holds more, however long requests or answers are on their way.
 */
function meterWindow(requestsMax: number, windowMs: number): Meter {
  let endedAtMs: number[] = [];
  let first = 0;
  /** By when each was let through, oldest first. */
  const underWay = new Map<Taken, { readonly sinceMs: number; readonly cost: number }>();
  let costUnderWay = 0;

  const note = (taken: Taken, atMs: number) => {
    const cost = underWay.get(taken)?.cost ?? 0;
    underWay.delete(taken);
    costUnderWay -= cost;
    for (let unit = 0; unit < cost; unit += 1) endedAtMs.push(atMs);
  };
  // Before any other end is noted, so that ends are in their order.
  const endOverdue = (nowMs: number) => {
    for (const [taken, { sinceMs }] of underWay) {
      const overdueAtMs = sinceMs + UNDER_WAY_MAX_MS;
      if (nowMs < overdueAtMs) break;
      note(taken, overdueAtMs);
    }
  };
  const forgetOld = (nowMs: number) => {
    endOverdue(nowMs);
    while (first < endedAtMs.length && (endedAtMs[first] ?? 0) + windowMs <= nowMs) first += 1;
    // Dropping the head now and then keeps the list as long as the window, not as the run.
    if (first > requestsMax) {
      endedAtMs = endedAtMs.slice(first);
      first = 0;
    }
  };
  return {
    perSecond: (requestsMax * 1000) / windowMs,
    earliestAtMs(nowMs, cost) {
      forgetOld(nowMs);
      const excess = endedAtMs.length - first + costUnderWay + cost - requestsMax;
      if (excess <= 0) return nowMs;
      // Beyond what has ended it takes one that is still under way, whose window has not begun.
      return (endedAtMs[first + excess - 1] ?? nowMs) + windowMs;
    },
    take(nowMs, cost) {
      const taken: Taken = {
        end(atMs) {
          endOverdue(atMs);
          note(taken, atMs);
        },
      };
      underWay.set(taken, { sinceMs: nowMs, cost });
      costUnderWay += cost;
      return taken;
    },
  };
}

/** A token bucket, kept as the time at which it would be full again. */
function meterRate(perSecond: number, burst: number): Meter {
  const unitMs = 1000 / perSecond;
  let fullAtMs = Number.NEGATIVE_INFINITY;
  return {
    perSecond,
    earliestAtMs: (nowMs, cost) => Math.max(nowMs, fullAtMs - (burst - cost) * unitMs),
    take(nowMs, cost) {
      fullAtMs = Math.max(fullAtMs, nowMs) + cost * unitMs;
      return COUNTED_ALREADY;
    },
  };
}

const COUNTED_ALREADY: Taken = { end() {} };
