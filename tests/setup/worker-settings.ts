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

/** A machine that is busy with other tests is no dead worker, and its lease no lost one. */
export const CALM = { beatMs: 300, deadAfterMs: 6_000, leaseMs: 4_000 } as const;

/** What a simulator hides it shows within this. */
export const LATE_VISIBILITY_MS = 2_000;
