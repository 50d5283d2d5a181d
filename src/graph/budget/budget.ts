import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { WAIT_IN_CALL_MAX_MS } from '../client/retry-after.ts';
import type { Bucket } from '../contracts/define-contract.ts';
import type { GraphLimit, GraphLimits } from './limits.ts';
import { type Meter, meterOf } from './meters.ts';
import { keepPace, type Pace } from './pace.ts';

export type Access = 'read' | 'write';

/** Leave to send one request; what came of it is told back, by one of the last two. */
export interface Permit {
  /** False once a 429 to others has paused the bucket: whoever has not sent yet comes back. */
  isValid(): boolean;
  settle(status: number, retryAfterMs: number | undefined): void;
  /** There is no answer and will be none: it was never sent, or was lost. */
  giveUp(): void;
}

/** For buckets without a documented limit: a start from which 429s can halve. */
const PER_SECOND_UNKNOWN = 50;

interface Lane {
  readonly meters: readonly Meter[];
  readonly pace: Pace;
  /** First come first; all wait for the same meters. */
  readonly waiters: Waiter[];
}

interface Waiter {
  readonly cost: number;
  readonly sinceMs: number;
  readonly order: number;
  readonly settle: (outcome: Permit | AppError) => void;
}

/**
 * What one application may ask of one tenant: every request of this process passes here. First
 * come, first served in each bucket; a bucket that must wait does not hold up the others.
 */
export class Budget {
  readonly #clock: Clock;
  readonly #meters: readonly { readonly limit: GraphLimit; readonly meter: Meter }[];
  readonly #lanes = new Map<string, Lane>();
  #timer: NodeJS.Timeout | undefined;
  #arrivals = 0;
  #lastUsedAtMs: number;

  constructor(limits: GraphLimits, clock: Clock) {
    this.#clock = clock;
    this.#meters = limits.map((limit) => ({ limit, meter: meterOf(limit) }));
    this.#lastUsedAtMs = clock.monotonicMs();
  }

  /**
   * Waits for leave to send one request.
   * @throws AppError `graph.throttled` when it would take longer than a call may wait.
   */
  acquire(bucket: Bucket, access: Access, cost: number, signal: AbortSignal): Promise<Permit> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const lane = this.#laneOf(bucket, access);
      const leave = () => {
        lane.waiters.splice(lane.waiters.indexOf(waiter), 1);
        reject(signal.reason);
        this.#grantDue();
      };
      this.#arrivals += 1;
      const waiter: Waiter = {
        cost,
        sinceMs: this.#clock.monotonicMs(),
        order: this.#arrivals,
        settle: (outcome) => {
          signal.removeEventListener('abort', leave);
          if (outcome instanceof AppError) reject(outcome);
          else resolve(outcome);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      lane.waiters.push(waiter);
      this.#grantDue();
    });
  }

  /** True when nothing waits and nothing is remembered that a new budget would not know. */
  isIdle(): boolean {
    const isForgotten = this.#clock.monotonicMs() - this.#lastUsedAtMs > MEMORY_MS;
    return isForgotten && [...this.#lanes.values()].every((lane) => lane.waiters.length === 0);
  }

  #laneOf(bucket: Bucket, access: Access): Lane {
    const name = `${bucket}/${access}`;
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const meters = this.#meters
      .filter(({ limit }) => limit.buckets.includes(bucket))
      .filter(({ limit }) => limit.access === 'any' || access === 'write')
      .map(({ meter }) => meter);
    const perSecond = Math.min(PER_SECOND_UNKNOWN, ...meters.map((meter) => meter.perSecond));
    const lane: Lane = { meters, pace: keepPace(perSecond), waiters: [] };
    this.#lanes.set(name, lane);
    return lane;
  }

  #grantDue(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (;;) {
      const nowMs = this.#clock.monotonicMs();
      const heads = headsByTime(this.#lanes.values(), nowMs);
      const [next] = heads;
      if (next === undefined) return;
      if (next.atMs <= nowMs) {
        this.#grant(next, nowMs);
      } else if (!refuseHopeless(heads, nowMs)) {
        this.#timer = setTimeout(() => this.#grantDue(), Math.ceil(next.atMs - nowMs));
        return;
      }
    }
  }

  #grant({ lane, waiter }: Head, nowMs: number): void {
    lane.waiters.shift();
    const taken = lane.meters.map((meter) => meter.take(nowMs, waiter.cost));
    lane.pace.take(nowMs);
    this.#lastUsedAtMs = nowMs;
    waiter.settle({
      isValid: () => !lane.pace.isPaused(this.#clock.monotonicMs()),
      settle: (status, retryAfterMs) => {
        const settledAtMs = this.#clock.monotonicMs();
        for (const each of taken) each.end(settledAtMs);
        if (status === 429) lane.pace.throttled(settledAtMs, nowMs, retryAfterMs);
        else if (status < 400) lane.pace.succeeded(settledAtMs);
      },
      giveUp: () => {
        const endedAtMs = this.#clock.monotonicMs();
        for (const each of taken) each.end(endedAtMs);
      },
    });
  }
}

/** Longer than every window and every untold wait; pauses longer than this are rare and retold. */
const MEMORY_MS = 120_000;

interface Head {
  readonly lane: Lane;
  readonly waiter: Waiter;
  readonly atMs: number;
}

/** The first waiter of each lane: those that may go now by arrival, then the others by time. */
function headsByTime(lanes: Iterable<Lane>, nowMs: number): Head[] {
  const heads: Head[] = [];
  for (const lane of lanes) {
    const [waiter] = lane.waiters;
    if (waiter === undefined) continue;
    const times = lane.meters.map((meter) => meter.earliestAtMs(nowMs, waiter.cost));
    heads.push({ lane, waiter, atMs: Math.max(nowMs, lane.pace.earliestAtMs(nowMs), ...times) });
  }
  return heads.sort((one, other) => one.atMs - other.atMs || one.waiter.order - other.waiter.order);
}

/** Sends away whoever would wait longer than a call may, counted from when they came. */
function refuseHopeless(heads: readonly Head[], nowMs: number): boolean {
  let hasRefused = false;
  for (const { lane, waiter, atMs } of heads) {
    if (atMs - waiter.sinceMs <= WAIT_IN_CALL_MAX_MS) continue;
    lane.waiters.shift();
    // In tenths: a window is 20 s, and whole seconds would leave a part of each unused.
    const retryAfterSeconds = Math.max(1, Math.ceil((atMs - nowMs) / 100) / 10);
    waiter.settle(new AppError('graph.throttled', { retryAfterSeconds }));
    hasRefused = true;
  }
  return hasRefused;
}
