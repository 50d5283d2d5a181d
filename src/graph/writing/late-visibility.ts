import { MINUTE } from '../../kernel/durations.ts';
import { contractOf, type PolicyType } from '../contracts/list.ts';

/**
 * Design section 8. Longer than a call may be under way (60 s) and than any delay the sources tell
 * of (IntuneManagement polls for up to 2 minutes).
 */
const AT_LEAST_MS = 2 * MINUTE;

/** See `GraphWriter.lateVisibilityMs`. */
export function lateVisibilityOf(type: PolicyType | 'group'): number {
  if (type === 'group') return AT_LEAST_MS;
  return Math.max(contractOf(type).writing.visibleWithinMs ?? 0, AT_LEAST_MS);
}
