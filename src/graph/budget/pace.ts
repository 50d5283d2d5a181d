/**
 * What 429s teach about one bucket: it is paused as long as Graph asks, then goes on at half the
 * rate, which success restores. Without 429s it does not hold anything back.
 */
export interface Pace {
  earliestAtMs(nowMs: number): number;
  isPaused(nowMs: number): boolean;
  take(nowMs: number): void;
  /** @param sentAtMs when the refused request was let through. */
  throttled(nowMs: number, sentAtMs: number, retryAfterMs: number | undefined): void;
  succeeded(nowMs: number): void;
}

/** Graph often does not say how long to wait: doubling from here, like Retry-After's usual size. */
const UNTOLD_WAIT_MS = 2_000;
const UNTOLD_WAIT_MAX_MS = 20_000;
const SHARE_MIN = 0.02;
/** Full rate again 25 s after one halving: slower than that wastes, faster meets the next 429. */
const SHARE_PER_SECOND = 0.02;

/** @param perSecond the rate that a share of 1 stands for. */
export function keepPace(perSecond: number): Pace {
  let share = 1;
  let pausedUntilMs = Number.NEGATIVE_INFINITY;
  let nextAtMs = Number.NEGATIVE_INFINITY;
  let halvedAtMs = Number.NEGATIVE_INFINITY;
  let restoredAtMs = 0;
  let refusalsInARow = 0;
  return {
    earliestAtMs: (nowMs) => Math.max(nowMs, pausedUntilMs, share < 1 ? nextAtMs : nowMs),
    isPaused: (nowMs) => nowMs < pausedUntilMs,
    take(nowMs) {
      if (share < 1) nextAtMs = Math.max(nowMs, nextAtMs) + 1000 / (perSecond * share);
    },
    throttled(nowMs, sentAtMs, retryAfterMs) {
      // Requests under way together are refused together: that is one lesson, not many.
      if (sentAtMs > halvedAtMs) {
        share = Math.max(SHARE_MIN, share / 2);
        halvedAtMs = nowMs;
        restoredAtMs = nowMs;
        refusalsInARow += 1;
      }
      const untoldMs = Math.min(UNTOLD_WAIT_MAX_MS, UNTOLD_WAIT_MS * 2 ** (refusalsInARow - 1));
      pausedUntilMs = Math.max(pausedUntilMs, nowMs + (retryAfterMs ?? untoldMs));
      nextAtMs = Math.max(nextAtMs, pausedUntilMs);
    },
    succeeded(nowMs) {
      refusalsInARow = 0;
      if (share === 1) return;
      const restored = ((nowMs - Math.max(restoredAtMs, pausedUntilMs)) / 1000) * SHARE_PER_SECOND;
      if (restored <= 0) return;
      share = Math.min(1, share + restored);
      restoredAtMs = nowMs;
    },
  };
}
