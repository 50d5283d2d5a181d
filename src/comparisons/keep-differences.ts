import type { Difference } from '../graph/compare-bodies.ts';
import type { JsonValue } from '../kernel/canonical-json.ts';

/** Differences of one policy that are kept; the others are counted. */
const KEPT_MAX = 1_000;
/** All that is kept of one policy: fifty of them fit into an answer. */
const KEPT_CHARS_MAX = 200_000;
/** Nobody reads more of one value here; the versions hold it whole. */
const VALUE_CHARS_MAX = 10_000;

/** Differences as they are kept with a result: the first ones, each value cut to a bound. */
export function keptDifferences(differences: readonly Difference[]): readonly Difference[] {
  const kept: Difference[] = [];
  let chars = 0;
  for (const difference of differences.slice(0, KEPT_MAX)) {
    const short = shorten(difference);
    chars += JSON.stringify(short).length;
    if (chars > KEPT_CHARS_MAX) break;
    kept.push(short);
  }
  return kept;
}

function shorten(difference: Difference): Difference {
  return {
    ...difference,
    before: shortValue(difference.before),
    after: shortValue(difference.after),
  };
}

/** A long structure is cut as its text: half of it would be none. */
function shortValue(value: JsonValue): JsonValue {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= VALUE_CHARS_MAX ? value : `${text.slice(0, VALUE_CHARS_MAX)}…`;
}
