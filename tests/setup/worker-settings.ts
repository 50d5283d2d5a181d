import { DEFAULT_WORKER_SETTINGS, type WorkerSettings } from '../../src/queue/settings.ts';

/** Beats and deaths of a story: a takeover within a second. */
export const QUICK: WorkerSettings = {
  ...DEFAULT_WORKER_SETTINGS,
  slots: 4,
  beatMs: 100,
  deadAfterMs: 600,
  leaseMs: 400,
  caretakeMs: 100,
  checkpointMs: 50,
  stopGraceMs: 200,
  abandonMs: 200,
  retryPauseMs: 20,
};

/** The same, but a machine that is busy is not taken for a dead worker. */
export const STEADY = { beatMs: 200, deadAfterMs: 3_000, leaseMs: 2_000 } as const;

/** What a simulator hides it shows within this. */
export const LATE_VISIBILITY_MS = 2_000;
