import { sql } from 'kysely';
import type { ItemOutcome } from '../db/tables/run-items.ts';
import type { ErrorCode, SafeDetails } from '../kernel/errors.ts';
import { CHECKPOINT_ITEMS } from './settings.ts';
import type { SliceContext } from './slice-context.ts';
import { storableJson } from './storable-json.ts';
import type { SliceDeps } from './work-slice.ts';

/** What became of one item; `pending` is a failure that will be tried again. */
export interface ItemResult {
  readonly seq: number;
  readonly outcome: ItemOutcome;
  readonly code: ErrorCode | null;
  readonly details: SafeDetails | null;
  readonly attempts: number;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/**
 * Collects outcomes and writes them in batches, at most 1 s or 50 items apart, one write at a time.
 * A crash loses at most what was not written; those items are worked again.
 */
export class Checkpoints {
  readonly #deps: SliceDeps;
  readonly #slice: SliceContext;
  #results: ItemResult[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown;
  /** `told`: the database knows it. */
  #planEnd: 'not_yet' | 'reached' | 'told' = 'not_yet';
  #reported = { calls: 0, callsSaved: 0, throttled: 0 };

  constructor(deps: SliceDeps, slice: SliceContext) {
    this.#deps = deps;
    this.#slice = slice;
  }

  /** Sequence numbers of items that are done but not written yet. */
  unwritten(): number[] {
    return this.#results.map((result) => result.seq);
  }

  add(result: ItemResult): void {
    this.#results.push(result);
    if (this.#results.length >= CHECKPOINT_ITEMS) {
      this.#flushInBackground();
    } else {
      this.#timer ??= setTimeout(() => this.#flushInBackground(), this.#deps.settings.checkpointMs);
    }
  }

  /** The plan has come to its end; the total is final once no item is left that may find more. */
  markPlanEnded(): void {
    this.#planEnd = 'reached';
  }

  /** Writes what is there and waits for it. @throws what the write threw, also an earlier one */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** A failed write breaks the slice off: without checkpoints its work would be for nothing. */
  #flushInBackground(): void {
    this.flush().catch((error: unknown) => this.#slice.signals.abort.abort(error));
  }

  async #write(): Promise<void> {
    if (this.#failure !== undefined) return;
    const results = [...this.#results]; // more may be added while these are written
    const usage = this.#takeUsage();
    const hasUsage = usage.calls + usage.callsSaved + usage.throttled > 0;
    const isPlanEndNew = this.#planEnd === 'reached';
    const hasPlanEnded = this.#planEnd !== 'not_yet';
    if (results.length === 0 && !hasUsage && !isPlanEndNew) return;
    const { run } = this.#slice;
    try {
      await this.#slice.inFence((tx) =>
        sql`select checkpoint_items(${run.id}, ${run.fence}, ${storableJson(results)}::jsonb,
          ${usage.calls}, ${usage.callsSaved}, ${usage.throttled}, ${hasPlanEnded})`.execute(tx.db),
      );
      this.#results = this.#results.slice(results.length);
      if (isPlanEndNew) this.#planEnd = 'told';
    } catch (error) {
      this.#failure = error;
    }
  }

  #takeUsage() {
    const usage = this.#slice.graph?.usage ?? this.#reported;
    const taken = {
      calls: usage.calls - this.#reported.calls,
      callsSaved: usage.callsSaved - this.#reported.callsSaved,
      throttled: usage.throttled - this.#reported.throttled,
    };
    this.#reported = { ...usage };
    return taken;
  }
}
