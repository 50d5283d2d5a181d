import type { GraphLimit } from './limits.ts';

/** Counts what was let through, and says when the next may go. All times are monotonic. */
export interface Meter {
  earliestAtMs(nowMs: number, cost: number): number;
  take(nowMs: number, cost: number): void;
  /** What the limit allows in the long run. */
  readonly perSecond: number;
}

/**
 * We stay this share below a limit: requests reach Graph later than we count them, by a latency
 * that varies, so that what was evenly spaced here may arrive closer together there.
 */
const SHARE_USED = 0.95;

/** A rate forgives more: its burst takes up the jitter, and each percent is a percent of time. */
const RATE_SHARE_USED = 0.975;

export function meterOf(limit: GraphLimit): Meter {
  if (limit.kind === 'window') {
    return meterWindow(Math.max(1, Math.floor(limit.requests * SHARE_USED)), limit.windowMs);
  }
  const burst = Math.max(1, Math.floor(limit.burst * SHARE_USED));
  return meterRate(limit.perSecond * (burst > 1 ? RATE_SHARE_USED : SHARE_USED), burst);
}

/** A sliding window, counted exactly: the times of all requests in it. */
function meterWindow(requestsMax: number, windowMs: number): Meter {
  let times: number[] = [];
  let first = 0;
  return {
    perSecond: (requestsMax * 1000) / windowMs,
    earliestAtMs(nowMs, cost) {
      while (first < times.length && (times[first] ?? 0) + windowMs <= nowMs) first += 1;
      const excess = times.length - first + cost - requestsMax;
      return excess <= 0 ? nowMs : (times[first + excess - 1] ?? nowMs) + windowMs;
    },
    take(nowMs, cost) {
      // Dropping the head now and then keeps the list as long as the window, not as the run.
      if (first > requestsMax) {
        times = times.slice(first);
        first = 0;
      }
      for (let unit = 0; unit < cost; unit += 1) times.push(nowMs);
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
    },
  };
}
