/** Counts units within the last so many milliseconds. Refused calls count too, as at Graph. */
export interface SlidingWindow {
  /** Adds a call; says how long until such a call would pass, 0 when this one does. */
  charge(nowMs: number, units: number): number;
  /** Units within the window now, as a share of the limit. */
  share(): number;
}

/** A window that allows `limit` units in any `windowMs`. */
export function createSlidingWindow(limit: number, windowMs: number): SlidingWindow {
  let times: number[] = [];
  let head = 0;
  const forgetBefore = (edgeMs: number) => {
    while (head < times.length && (times[head] ?? 0) <= edgeMs) head += 1;
    // Compacted now and then: shifting one by one would cost the length each time.
    if (head > 4096) {
      times = times.slice(head);
      head = 0;
    }
  };
  return {
    charge(nowMs, units) {
      forgetBefore(nowMs - windowMs);
      for (let unit = 0; unit < units; unit += 1) times.push(nowMs);
      const excess = times.length - head - limit;
      if (excess <= 0) return 0;
      const freeing = times[head + excess - 1] ?? nowMs;
      return Math.max(1, freeing + windowMs - nowMs);
    },
    share: () => (times.length - head) / limit,
  };
}
