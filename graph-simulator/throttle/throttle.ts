import { type Charge, type Limit, type LimitProfile, limitsOf } from './limits.ts';
import { createSlidingWindow, type SlidingWindow } from './sliding-window.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

/** How a call fared against the limits. */
export interface Verdict {
  readonly isThrottled: boolean;
  /** Sent although a Retry-After promised to its caller had not passed. */
  readonly isEarly: boolean;
  /** Refused because of an earlier Retry-After, which this answer does not prolong. */
  readonly isPromised: boolean;
  readonly waitMs: number;
  /** Which calls have to wait. */
  readonly scope: 'any' | 'read' | 'write';
  /** The fullest limit, for the directory's percentage header. */
  readonly share: number;
}

/** The memory of one simulator about who called how often. */
export interface Throttle {
  charge(charge: Charge, nowMs: number): Verdict;
  /** Remembers that a caller was told to wait; what it sends before is early. */
  promise(charge: Charge, scope: Verdict['scope'], seconds: number, nowMs: number): void;
}

interface Promised {
  readonly untilMs: number;
  /** Calls on their way when the answer left are refused, but not blamed. */
  readonly blameFromMs: number;
}

/** A client's timer may fire a little before its time. */
const TIMER_SLACK_MS = 20;
/** How long after an answer left a call may have been sent without knowing it. */
const ON_THE_WAY_MS = 100;
const PASSED: Verdict = {
  isThrottled: false,
  isEarly: false,
  isPromised: false,
  waitMs: 0,
  scope: 'any',
  share: 0,
};

/** Limits of the profile; answers leave `latencyMs` after the call came. */
export function createThrottle(profile: LimitProfile, latencyMs: number): Throttle {
  const windows = new Map<string, SlidingWindow>();
  const buckets = new Map<string, TokenBucket>();
  const promises = new Map<string, Promised>();

  const waitOf = (limit: Limit, nowMs: number) => {
    if (limit.perSecond !== undefined) {
      const { perSecond, amount } = limit;
      const bucket = obtain(buckets, limit.key, () => createTokenBucket(perSecond, amount));
      return { waitMs: bucket.take(nowMs), share: 0 };
    }
    const make = () => createSlidingWindow(limit.amount, limit.windowMs);
    const window = obtain(windows, limit.key, make);
    return { waitMs: window.charge(nowMs, limit.units), share: window.share() };
  };

  const brokenPromise = (charge: Charge, nowMs: number): Verdict | undefined => {
    for (const scope of ['any', charge.isWrite ? 'write' : 'read'] as const) {
      const promised = promises.get(promiseKey(charge, scope));
      if (promised === undefined || nowMs >= promised.untilMs) continue;
      const isEarly = nowMs >= promised.blameFromMs;
      const waitMs = promised.untilMs + TIMER_SLACK_MS - nowMs;
      return { isThrottled: true, isEarly, isPromised: true, waitMs, scope, share: 1 };
    }
    return undefined;
  };

  return {
    charge(charge, nowMs) {
      const broken = brokenPromise(charge, nowMs);
      let verdict = broken ?? PASSED;
      for (const limit of limitsOf(profile, charge)) {
        const { waitMs, share } = waitOf(limit, nowMs);
        const isWorse = broken === undefined && waitMs > verdict.waitMs;
        const scope = limit.isForWrites ? 'write' : 'any';
        if (isWorse) verdict = { ...PASSED, isThrottled: true, waitMs, scope, share };
        else if (share > verdict.share) verdict = { ...verdict, share };
      }
      return verdict;
    },
    promise(charge, scope, seconds, nowMs) {
      const leavesAtMs = nowMs + latencyMs;
      promises.set(promiseKey(charge, scope), {
        untilMs: leavesAtMs + seconds * 1000 - TIMER_SLACK_MS,
        blameFromMs: leavesAtMs + ON_THE_WAY_MS,
      });
    },
  };
}

function promiseKey(charge: Charge, scope: Verdict['scope']): string {
  return `${charge.tenantId}|${charge.appId}|${charge.bucket}|${scope}`;
}

function obtain<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
