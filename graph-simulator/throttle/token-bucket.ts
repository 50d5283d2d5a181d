/** A rate with a burst: what the benchmark's tight limits are made of. */
export interface TokenBucket {
  /** Takes a token; says how long until there is one, 0 when there was. */
  take(nowMs: number): number;
}

/**
 * Timers and sockets jitter by a few milliseconds, so a client that keeps the rate exactly would be
 * refused now and then: a twentieth of a token is lent.
 */
const LENT = 0.05;

/** A bucket that is full at first; refused calls take nothing. */
export function createTokenBucket(perSecond: number, burst: number): TokenBucket {
  let tokens = burst;
  let filledAtMs = 0;
  return {
    take(nowMs) {
      if (filledAtMs > 0) {
        tokens = Math.min(burst, tokens + ((nowMs - filledAtMs) / 1000) * perSecond);
      }
      filledAtMs = nowMs;
      if (tokens + LENT >= 1) {
        tokens -= 1;
        return 0;
      }
      return ((1 - tokens) / perSecond) * 1000;
    },
  };
}
