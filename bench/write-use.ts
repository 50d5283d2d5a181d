import type { LoggedEntry } from './call-list.ts';

/** graph-facts 1: what one application may write in one tenant, in each bucket. */
export const WRITES = { requests: 100, windowMs: 20_000 } as const;

/** When each write that was let through arrived, oldest first. */
export function writeTimes(calls: readonly LoggedEntry[]): number[] {
  return calls
    .filter(({ method, path }) => method !== 'GET' && !/\/getByIds$/i.test(path))
    .filter(({ status }) => status >= 200 && status < 300)
    .map(({ time }) => Date.parse(time))
    .toSorted((one, other) => one - other);
}

/**
 * Writes that were accepted, by those that the limit allowed in the same time. The time is that
 * from each write to the hundredth after it, for all that have one: the first window, which a limit
 * lets pass at once, is where these spans begin and never what they count. Windows cut at fixed
 * instants would count the last burst or not, by chance.
 */
export function writeUse(timesMs: readonly number[]): number {
  const { requests, windowMs } = WRITES;
  const spans = timesMs.slice(requests).map((atMs, at) => atMs - (timesMs[at] ?? atMs));
  if (spans.length === 0) throw new Error('too few writes to speak of a steady state');
  const spentMs = spans.reduce((sum, ms) => sum + ms, 0);
  return (spans.length * windowMs) / spentMs;
}
