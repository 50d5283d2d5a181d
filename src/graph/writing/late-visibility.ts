import { MINUTE, SECOND } from '../../kernel/durations.ts';
import { contractOf, type PolicyType } from '../contracts/list.ts';

/** Design section 8: longer than any delay the sources tell of (IntuneManagement: 2 minutes). */
const SHOWS_WITHIN_MS = 2 * MINUTE;

/**
 * A write that waits for its turn or for a token leaves within this after it was announced, or not
 * at all: the wait for the budget is bounded by 15 s.
 */
export const LEAVES_WITHIN_MS = 30 * SECOND;

/**
 * Design section 8: then a call is taken for lost. Up to its end Graph may still do what it asks.
 */
export const CALL_DEADLINE_MS = MINUTE;

/**
 * See `GraphWriter.lateVisibilityMs`: counted from when the write was announced, so what it may
 * wait and be under way comes on top of the time within which Graph shows what it has made.
 */
export function lateVisibilityOf(type: PolicyType | 'group'): number {
  const showsWithinMs = type === 'group' ? 0 : (contractOf(type).writing.visibleWithinMs ?? 0);
  return LEAVES_WITHIN_MS + CALL_DEADLINE_MS + Math.max(showsWithinMs, SHOWS_WITHIN_MS);
}
