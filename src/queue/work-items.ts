import assert from 'node:assert/strict';
import type { ErrorCode } from '../kernel/errors.ts';
import type { Checkpoints } from './checkpoints.ts';
import { fetchPending } from './fetch-pending.ts';
import { PAGE_ITEMS, UNWRITTEN_MAX } from './settings.ts';
import type { SliceContext } from './slice-context.ts';
import { type ItemEnd, type PendingItem, workOneItem } from './work-one-item.ts';
import type { SliceDeps } from './work-slice.ts';

/** Why there is nothing more to do in this slice. */
export type Rest =
  | { readonly kind: 'none' }
  | { readonly kind: 'later'; readonly at: Date | null; readonly code: ErrorCode | null };

/** Works pending items, several at once, until none is left or the slice is over. */
export function workItems(
  deps: SliceDeps,
  slice: SliceContext,
  checkpoints: Checkpoints,
  endsAtMs: number,
): Promise<Rest> {
  return new ItemLoop(deps, slice, checkpoints, endsAtMs).work();
}

class ItemLoop {
  readonly #deps: SliceDeps;
  readonly #slice: SliceContext;
  readonly #checkpoints: Checkpoints;
  readonly #endsAtMs: number;
  readonly #inWork = new Map<number, Promise<void>>();
  /** Failures that may pass, by when they may be tried again. */
  readonly #deferred = new Map<number, { at: Date; code: ErrorCode }>();
  #waiting: PendingItem[] = [];
  #mayFindMore = true;
  #failure: { error: unknown } | undefined;

  constructor(deps: SliceDeps, slice: SliceContext, checkpoints: Checkpoints, endsAtMs: number) {
    this.#deps = deps;
    this.#slice = slice;
    this.#checkpoints = checkpoints;
    this.#endsAtMs = endsAtMs;
    slice.onItemsAdded = () => {
      this.#mayFindMore = true;
    };
  }

  async work(): Promise<Rest> {
    // Whatever ends the loop, nothing of it may still be at work when the slice ends.
    await this.#beginItems().catch((error: unknown) => this.#breakOff(error));
    await Promise.all(this.#inWork.values());
    if (this.#failure !== undefined) throw this.#failure.error;
    return this.#rest();
  }

  async #beginItems(): Promise<void> {
    while (this.#failure === undefined && !this.#isOver()) {
      if (this.#checkpoints.unwritten().length >= UNWRITTEN_MAX) await this.#checkpoints.flush();
      if (this.#waiting.length === 0 && this.#mayFindMore) await this.#refill();
      const item = this.#inWork.size < this.#slice.type.concurrency && this.#waiting.shift();
      if (item) this.#begin(item);
      else if (this.#inWork.size > 0) await this.#somethingHappens();
      else if (!this.#mayFindMore) break;
    }
  }

  #breakOff(error: unknown): void {
    this.#failure ??= { error };
    this.#slice.signals.abort.abort(error);
  }

  #isOver(): boolean {
    const { signals } = this.#slice;
    return (
      signals.stop.aborted ||
      signals.abort.signal.aborted ||
      this.#deps.clock.monotonicMs() >= this.#endsAtMs
    );
  }

  /** Items that are added while this reads are seen by the next refill: the flag falls before. */
  async #refill(): Promise<void> {
    this.#mayFindMore = false;
    const busy = [
      ...this.#inWork.keys(),
      ...this.#deferred.keys(),
      ...this.#checkpoints.unwritten(),
    ];
    this.#waiting = await this.#slice.inFence((tx) => fetchPending(tx, busy));
    if (this.#waiting.length === PAGE_ITEMS) this.#mayFindMore = true;
  }

  #begin(item: PendingItem): void {
    assert(!this.#inWork.has(item.seq), 'an item is worked once at a time');
    const work = workOneItem(this.#deps, this.#slice, item).then((end) => {
      this.#inWork.delete(item.seq);
      this.#settle(item, end);
    });
    this.#inWork.set(item.seq, work);
  }

  #settle(item: PendingItem, end: ItemEnd): void {
    if (end.kind === 'slice_over') {
      this.#breakOff(end.error);
      return;
    }
    this.#checkpoints.add(end.result);
    if (end.kind === 'later') this.#deferred.set(item.seq, { at: end.at, code: end.code });
  }

  /** Until an item ends, or adds some while there is room. */
  async #somethingHappens(): Promise<void> {
    const added = Promise.withResolvers<void>();
    this.#slice.onItemsAdded = () => {
      this.#mayFindMore = true;
      added.resolve();
    };
    await Promise.race([added.promise, ...this.#inWork.values()]);
  }

  #rest(): Rest {
    const { abort } = this.#slice.signals;
    if (abort.signal.aborted) throw abort.signal.reason;
    if (this.#mayFindMore || this.#waiting.length > 0)
      return { kind: 'later', at: null, code: null };
    const soonest = [...this.#deferred.values()].sort((a, b) => a.at.getTime() - b.at.getTime())[0];
    if (soonest === undefined) return { kind: 'none' };
    return { kind: 'later', at: soonest.at, code: soonest.code };
  }
}
