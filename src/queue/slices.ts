import { AppError } from '../kernel/errors.ts';
import type { WorkerId } from '../kernel/ids.ts';
import type { RunTypes } from '../runs/run-types.ts';
import { type Claim, claimSlice, type Ticket } from './claim-slice.ts';
import { endSlice, type SliceEnding } from './end-slice.ts';
import { ENDING_CRASHES_MAX, RUN_CRASHES_MAX, SHARED_SLICE_MS } from './settings.ts';
import { endByError, type SliceDeps, type SliceSignals, workSlice } from './work-slice.ts';

type Claimed = Extract<Claim, { status: 'claimed' }>;

export interface SlicesDeps extends SliceDeps {
  readonly runTypes: RunTypes;
  readonly workerId: WorkerId;
  /** The database says that this worker was declared dead. */
  onDead(): void;
}

/** The slices that this process works, and the way to stop them. */
export class Slices {
  readonly #deps: SlicesDeps;
  readonly #stop = new AbortController();
  readonly #inWork = new Map<string, AbortController>();
  #isInterrupted = false;

  constructor(deps: SlicesDeps) {
    this.#deps = deps;
  }

  /** A ticket arrived: claim the lane's next run, work a slice of it, hand the lane on. */
  async redeem(ticket: Ticket): Promise<void> {
    const { db, runTypes, workerId, clock } = this.#deps;
    const claim = await claimSlice(db, runTypes, ticket, workerId);
    if (claim.status === 'dead') this.#deps.onDead();
    if (claim.status !== 'claimed') return;
    const sharedUntilMs = clock.monotonicMs() + SHARED_SLICE_MS;
    let next: Claimed | null = claim;
    while (next !== null) next = await this.#work(next, sharedUntilMs);
  }

  /** Breaks off the reads of a run that is to be cancelled. */
  cancel(runId: string): void {
    this.#inWork.get(runId)?.abort(new AppError('run.cancelled'));
  }

  isWorking(runId: string): boolean {
    return this.#inWork.has(runId);
  }

  /** No new items from now on. */
  stop(): void {
    this.#stop.abort();
  }

  /** Breaks off the reads of all that is still in work. */
  interrupt(): void {
    this.#isInterrupted = true;
    for (const abort of this.#inWork.values()) abort.abort(new AppError('run.interrupted'));
  }

  async #work(claim: Claimed, sharedUntilMs: number): Promise<Claimed | null> {
    const { run } = claim;
    const abort = new AbortController();
    const limit = setTimeout(
      () => abort.abort(new AppError('run.timed_out')),
      this.#deps.settings.sliceMaxMs,
    );
    this.#inWork.set(run.id, abort);
    try {
      if (this.#isInterrupted) abort.abort(new AppError('run.interrupted'));
      const ending = await this.#findEnding(claim, { stop: this.#stop.signal, abort });
      return await this.#end(claim, ending, sharedUntilMs);
    } catch (error) {
      // The run is another worker's by now: nothing of this slice may be written, nothing is lost.
      if (error instanceof AppError && error.code === 'run.fence_lost') return null;
      this.#deps.log.failed('slice was left', { runId: run.id }, error);
      return null; // giveBackLeftRuns requeues it once the database answers again
    } finally {
      // Whatever was given up, and is still at it, is told that the slice is over.
      abort.abort(new AppError('run.interrupted'));
      clearTimeout(limit);
      this.#inWork.delete(run.id);
    }
  }

  async #findEnding(claim: Claimed, signals: SliceSignals): Promise<SliceEnding> {
    const { run, type, refusal } = claim;
    if (type !== undefined && refusal === undefined) {
      return workSlice(this.#deps, run, type, signals);
    }
    // Also of a type that this process does not know: nobody wants it any more.
    if (refusal === 'run.cancelled') return { phase: 'ended', outcome: 'cancelled' };
    if (refusal === 'run.crashed') return { phase: 'ended', outcome: 'failed', code: refusal };
    if (type === undefined) {
      // Another process may be of a newer version: leave it to that one.
      const runAt = new Date(this.#deps.clock.now().getTime() + UNKNOWN_TYPE_PAUSE_MS);
      return { phase: 'queued', runAt, code: 'run.type_unknown', attempts: run.attempts };
    }
    const outcome = run.started_at === null ? 'blocked' : 'cancelled';
    return { phase: 'ended', outcome, ...(refusal === undefined ? {} : { code: refusal }) };
  }

  /**
   * Ends the slice. When the end itself fails, in the hook of the run type for example, that is a
   * failure of the run like any other: tried again while it may pass, then the run has failed; and
   * when the hook fails that too, it has failed without it. No run goes on for ever.
   */
  async #end(claim: Claimed, ending: SliceEnding, sharedUntilMs: number) {
    const { run, type } = claim;
    const { db, runTypes, workerId, clock } = this.#deps;
    const goOn = !this.#stop.signal.aborted && clock.monotonicMs() < sharedUntilMs;
    const withoutHook = run.crashes > RUN_CRASHES_MAX + ENDING_CRASHES_MAX;
    const next = { goOn, workerId, withoutHook };
    try {
      return await endSlice(db, runTypes, run, ending, next);
    } catch (error) {
      if (type === undefined) throw error;
      const instead = endByError(this.#deps, run, type, error);
      return endSlice(db, runTypes, run, instead, next).catch((again: unknown) => {
        endByError(this.#deps, run, type, again);
        const failed = { phase: 'ended', outcome: 'failed', code: 'internal' } as const;
        return endSlice(db, runTypes, run, failed, { ...next, withoutHook: true });
      });
    }
  }
}

const UNKNOWN_TYPE_PAUSE_MS = 60_000;
