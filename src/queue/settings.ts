import { DAY, MINUTE, SECOND } from '../kernel/durations.ts';

/** Times of the worker; tests shorten them by configuration. */
export interface WorkerSettings {
  /** Slices at once in this process: each may be another tenant's. */
  readonly slots: number;
  readonly beatMs: number;
  /** Silent for longer than this is dead: its runs are taken over. */
  readonly deadAfterMs: number;
  /** Nothing is written to Graph when the last good beat is older: well below `deadAfterMs`. */
  readonly leaseMs: number;
  readonly caretakeMs: number;
  /** After this the run gives its lane back, so that lanes and newer runs take turns. */
  readonly sliceMs: number;
  /** A slice whose plan, items or end hang for longer is broken off: `run.timed_out`. */
  readonly sliceMaxMs: number;
  /** Outcomes are written at the latest so long after the item was done. */
  readonly checkpointMs: number;
  /** How long a stop waits for items in work before it breaks off their reads. */
  readonly stopGraceMs: number;
  /** How long work may ignore that it was told to stop, before its slice ends without it. */
  readonly abandonMs: number;
  /** Before a failure that may pass is tried again; doubles with each try. */
  readonly retryPauseMs: number;
  readonly retentionMs: number;
}

/**
 * 5 s of the usual 8: what is left is for a request that is just leaving, and for clocks that do
 * not run alike.
 */
export function leaseWithin(deadAfterMs: number): number {
  return (deadAfterMs * 5) / 8;
}

/** Beat and death: p99 of a takeover <= 15 s was measured with these (prototype: 8.6 s). */
export const DEFAULT_WORKER_SETTINGS: WorkerSettings = {
  slots: 10,
  beatMs: 2 * SECOND,
  deadAfterMs: 8 * SECOND,
  leaseMs: leaseWithin(8 * SECOND),
  caretakeMs: 2 * SECOND,
  sliceMs: 5 * SECOND,
  sliceMaxMs: 30 * MINUTE,
  checkpointMs: SECOND,
  stopGraceMs: 5 * SECOND,
  abandonMs: 3 * SECOND,
  retryPauseMs: SECOND,
  retentionMs: 90 * DAY,
};

/** Outcomes in one checkpoint: 50 give 18,500 items/s on one connection (engine notes). */
export const CHECKPOINT_ITEMS = 50;
/** Pending items fetched at once. */
export const PAGE_ITEMS = 200;
/** Items planned in one statement. */
export const PLAN_BATCH_ITEMS = 500;
/** Outcomes that may wait to be written; with more, no new item begins before they are. */
export const UNWRITTEN_MAX = 4 * CHECKPOINT_ITEMS;
/**
 * Crashes in a row, without an item settled between them, that fail a run. An item that kills its
 * worker is settled after four, so this meets only what kills outside of items.
 */
export const RUN_CRASHES_MAX = 10;
/**
 * Crashes beyond those, each while the run was about to be ended: then the hook of its type must be
 * what kills, and it ends without it. Not sooner, for what the hook would settle stays open then.
 */
export const ENDING_CRASHES_MAX = 5;
/** From this takeover on the items that were in work are worked alone. */
export const TAKEOVERS_BEFORE_SUSPICION = 2;
/** Crashes while worked alone that fail an item. */
export const CRASHES_MAX = 3;
/** Short runs of one lane share a slice for this long. */
export const SHARED_SLICE_MS = 200;
/** The longest pause before a failure that may pass is tried again. */
export const RETRY_PAUSE_MAX_MS = 2 * MINUTE;
