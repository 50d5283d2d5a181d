/** The only place that asks the machine for the time; tests hand in a clock that they move. */
export interface Clock {
  now(): Date;
  /** Milliseconds that only grow, unmoved by a corrected wall clock: for leases and durations. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};
