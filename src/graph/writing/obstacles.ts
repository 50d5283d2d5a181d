import type { JsonObject } from '../../kernel/canonical-json.ts';
import { valueAt } from '../body-paths.ts';
import { contractOf, type PolicyType } from '../contracts/list.ts';
import { isSameJson } from './sendable-body.ts';

/** Where a live object was made otherwise than the saved one, for good: it cannot become it. */
export function findUpdateObstacles(
  type: PolicyType,
  live: JsonObject,
  saved: JsonObject,
): readonly string[] {
  return contractOf(type).writing.fixed.filter((path) => {
    // `@odata.type` is a name, not a path; no fixed property lies behind a name with a dot.
    const keys = path.startsWith('@') ? [path] : path.split('.');
    return !isSameJson(valueAt(live, keys) ?? null, valueAt(saved, keys) ?? null);
  });
}
