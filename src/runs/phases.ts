import type { Phase } from '../db/tables/runs.ts';

/**
 * The one table of phases. Counts are data, "requested to cancel" is a column, and how a run ended
 * is one word beside its phase. The checks and the live index of 0002_runs.sql are tested against
 * it.
 */
export const PHASES = {
  /** Waits for its run_at and for its lane; moved on by a claim, or ended by a cancel. */
  queued: { isLive: true, next: ['running', 'ended'] },
  /** One worker, one slice, one fence; requeued when the slice is over or the worker died. */
  running: { isLive: true, next: ['queued', 'ended'] },
  /** For good; `outcome` says how. */
  ended: { isLive: false, next: [] },
} as const satisfies Record<Phase, { isLive: boolean; next: readonly Phase[] }>;
