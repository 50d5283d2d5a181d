import { canonicalText, isJsonObject, type JsonValue } from '../kernel/canonical-json.ts';
import { valueAt } from './body-paths.ts';

/** Two elements that are the same thing before and after, or one that has no counterpart. */
export interface Pair {
  readonly key: string;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/**
 * Which element became which. With keys (an unordered collection): by key. Without: what is equal
 * stays, what is left is paired in order. Only pairs that differ are given; none means that only
 * the order is another.
 */
export function matchElements(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  keys: readonly (readonly string[])[] | undefined,
): readonly Pair[] {
  const isKeyed = keys !== undefined && keys.length > 0 && before.concat(after).every(isJsonObject);
  return isKeyed ? matchByKey(before, after, keys) : matchByContent(before, after, keys);
}

function matchByKey(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  keys: readonly (readonly string[])[],
): readonly Pair[] {
  const old = indexByKey(before, keys);
  const young = indexByKey(after, keys);
  return [...new Set([...old.keys(), ...young.keys()])]
    .sort()
    .map((key) => ({ key, before: old.get(key), after: young.get(key) }))
    .filter((pair) => !isUnchanged(pair));
}

/** Keys may repeat where an admin made two of a kind: the second is "#2". */
function indexByKey(
  elements: readonly JsonValue[],
  keys: readonly (readonly string[])[],
): ReadonlyMap<string, JsonValue> {
  const index = new Map<string, JsonValue>();
  for (const element of elements) {
    const key = keys.map((names) => keyText(valueAt(element, names))).join(' ');
    let unique = key;
    for (let turn = 2; index.has(unique); turn += 1) unique = `${key}#${turn}`;
    index.set(unique, element);
  }
  return index;
}

function keyText(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : canonicalText(value ?? null);
}

function matchByContent(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  keys: readonly unknown[] | undefined,
): readonly Pair[] {
  const gone = withoutEquals(before, after);
  const come = withoutEquals(after, before);
  // Elements of a set are themselves: none of them "became" another one.
  const pairedMax = keys === undefined ? Math.min(gone.length, come.length) : 0;
  const paired = gone.slice(0, pairedMax).map((old, at) => ({
    key: `${old.position}`,
    before: old.element,
    after: come[at]?.element,
  }));
  const removed = gone.slice(pairedMax).map(({ element, position }) => ({
    key: `${position}`,
    before: element,
    after: undefined,
  }));
  const added = come.slice(pairedMax).map(({ element, position }) => ({
    key: `${position}`,
    before: undefined,
    after: element,
  }));
  return [...paired, ...removed, ...added];
}

/** The elements of the first list that have no equal left in the second. */
function withoutEquals(list: readonly JsonValue[], other: readonly JsonValue[]) {
  const left = new Map<string, number>();
  for (const element of other) {
    const text = canonicalText(element);
    left.set(text, (left.get(text) ?? 0) + 1);
  }
  return list
    .map((element, position) => ({ element, position }))
    .filter(({ element }) => {
      const text = canonicalText(element);
      const count = left.get(text) ?? 0;
      left.set(text, count - 1);
      return count <= 0;
    });
}

function isUnchanged({ before, after }: Pair): boolean {
  if (before === undefined || after === undefined) return false;
  return canonicalText(before) === canonicalText(after);
}
