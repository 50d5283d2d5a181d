import {
  canonicalText,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../kernel/canonical-json.ts';
import { joinPath } from './body-paths.ts';
import { type CanonicalRules, rulesOf } from './canonical-rules.ts';
import { matchElements } from './compare-lists.ts';
import { contractOf, type PolicyType } from './contracts/list.ts';
import { nameElement, nameProperty, plainValue } from './difference-labels.ts';

/** One thing that is not as it was, told so that an admin recognises it. */
export interface Difference {
  /** Where: settings by definition id, assignments by target, else the JSON path. */
  readonly path: string;
  /** The same in words. */
  readonly label: string;
  /** Null when there was nothing; `kind` tells that from a null in the policy. */
  readonly before: JsonValue;
  readonly after: JsonValue;
  readonly kind: 'added' | 'removed' | 'changed';
}

/**
 * What changed between two stored bodies of one type, setting by setting, in a fixed order. Bodies
 * that differ in anything always give at least one difference.
 */
export function compareBodies(
  type: PolicyType,
  before: JsonObject,
  after: JsonObject,
): Difference[] {
  const found: Difference[] = [];
  const place = { path: '', at: '', label: '', settingId: undefined };
  compareValues({ rules: rulesOf(contractOf(type)), found }, place, before, after);
  return found;
}

interface Comparison {
  readonly rules: CanonicalRules;
  readonly found: Difference[];
}

interface Place {
  /** For people and links. */
  readonly path: string;
  /** In the contract's language, to look up its rules. */
  readonly at: string;
  readonly label: string;
  /** The setting whose value this is: its choices repeat its id. */
  readonly settingId: string | undefined;
}

function compareValues(
  comparison: Comparison,
  place: Place,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): void {
  if (isSame(before, after)) return;
  if (isJsonObject(before) && isJsonObject(after)) {
    compareObjects(comparison, place, before, after);
  } else if (isList(before) && isList(after)) {
    compareLists(comparison, place, before, after);
  } else {
    note(comparison, place, before, after);
  }
}

function compareObjects(
  comparison: Comparison,
  place: Place,
  before: JsonObject,
  after: JsonObject,
): void {
  for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
    const inner: Place = {
      ...nameProperty(place, key),
      at: joinPath(place.at, key),
      settingId: place.settingId,
    };
    compareValues(comparison, inner, ownValue(before, key), ownValue(after, key));
  }
}

function compareLists(
  comparison: Comparison,
  place: Place,
  before: readonly JsonValue[],
  after: readonly JsonValue[],
): void {
  const keys = comparison.rules.sortKeys(place.at);
  const pairs = matchElements(before, after, keys);
  if (pairs.length === 0) {
    // The same elements in another order, where the order means something.
    note(comparison, place, before, after);
    return;
  }
  for (const pair of pairs) {
    const element = pair.before ?? pair.after;
    const named = nameElement(place, element, pair.key);
    compareValues(comparison, { ...named, at: `${place.at}[]` }, pair.before, pair.after);
  }
}

function note(
  { found }: Comparison,
  { path, label, settingId }: Place,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): void {
  found.push({
    path,
    label,
    before: before === undefined ? null : plainValue(before, settingId),
    after: after === undefined ? null : plainValue(after, settingId),
    kind: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
  });
}

function isSame(before: JsonValue | undefined, after: JsonValue | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return before === after || canonicalText(before) === canonicalText(after);
}

/** `Array.isArray` does not narrow read-only arrays. */
function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** A body may hold a property named like one of Object's own. */
function ownValue(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
