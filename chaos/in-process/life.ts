import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  WRITE_POINTS,
  WRITE_POINTS_CHANNEL,
  type WritePoint,
} from '../../src/restores/writing/points.ts';

/** Moments of a transaction, beside the named points of the restore. */
export type Moment = WritePoint | 'tx_begins' | 'tx_commits' | 'tx_committed';

/** When a life is to end: at the nth time that it comes to this moment, or to any. */
export interface Doom {
  readonly moment: Moment | 'any';
  readonly after: number;
  /** The request that is about to be sent is not sent any more. */
  readonly stopsRequest: boolean;
}

/** Thrown inside of what a dead worker had begun, so that it is undone; nobody hears of it. */
class Crashed extends Error {
  override readonly name = 'Crashed';
}

/**
 * One worker's life in this process. From its end on nothing that it waits for ever comes, nothing
 * that it has begun is committed, and nothing that it would send leaves.
 */
export class Life {
  readonly #doom: Doom | undefined;
  readonly #ended = Promise.withResolvers<Moment>();
  #left: number;
  #isOver = false;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(doom: Doom | undefined) {
    this.#doom = doom;
    this.#left = doom?.after ?? 0;
  }

  /** Settles with the moment of the crash; never, when it lives on. */
  get ended(): Promise<Moment> {
    return this.#ended.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Something that goes on when the life ends: a transaction that was sent to be committed. */
  leaves(work: Promise<unknown>): void {
    this.#underWay.add(work);
    const forget = () => void this.#underWay.delete(work);
    work.then(forget, forget);
  }

  /** Settles when all that the life has left behind has come to its end, well or not. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  /** The life comes to a moment, and perhaps no further. */
  comesTo(moment: Moment): void {
    if (this.#isOver || this.#doom === undefined) return;
    if (this.#doom.moment !== 'any' && this.#doom.moment !== moment) return;
    this.#left -= 1;
    if (this.#left >= 0) return;
    this.#isOver = true;
    this.#ended.resolve(moment);
  }

  /** Asked when a request has come to its moment of leaving. @throws what keeps it from that */
  requireLeave(): void {
    if (this.#doom?.stopsRequest === true) this.requireLife();
  }

  /** @throws what undoes the work of a dead worker */
  requireLife(): void {
    if (this.#isOver) throw new Crashed();
  }

  /** What the promise brings, unless the life ends before: then it never settles. */
  outlive<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.#isOver || resolve(value),
        (error: unknown) => this.#isOver || reject(error),
      );
    });
  }
}

/** Never settles; holds nothing. */
export function never<T>(): Promise<T> {
  return new Promise(() => {});
}

/** Whose work is going on: the points are told to everybody, by name only. */
const lives = new AsyncLocalStorage<Life>();

/** Does something as part of a life, with all that follows from it. */
export function live<T>(life: Life, work: () => T): T {
  return lives.run(life, work);
}

/** Lets the named points of restores be moments of lives, until it is told to stop. */
export function heedPoints(): () => void {
  const hear = (told: unknown) => {
    const point = WRITE_POINTS.find((one) => one === told);
    if (point !== undefined) lives.getStore()?.comesTo(point);
  };
  subscribe(WRITE_POINTS_CHANNEL, hear);
  return () => void unsubscribe(WRITE_POINTS_CHANNEL, hear);
}
