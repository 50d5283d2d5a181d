import type { Clock } from '../../kernel/clock.ts';
import type { GraphAnswer } from './exchange.ts';

/** A wait longer than this is not spent in a worker's slot: the run gives the slot back. */
export const WAIT_IN_CALL_MAX_MS = 15_000;

/**
 * How long the answer asks to wait: seconds, fractions included (`2.128`), or a date; undefined
 * when it does not say, which is common on Intune.
 */
export function retryAfterMs(
  answer: Pick<GraphAnswer, 'headers'>,
  clock: Clock,
): number | undefined {
  const text = answer.headers['retry-after']?.trim();
  if (text === undefined || text === '') return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds * 1000));
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - clock.now().getTime());
}
