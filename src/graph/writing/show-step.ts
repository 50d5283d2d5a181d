import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/canonical-json.ts';
import { joinPath } from '../body-paths.ts';
import { compareBodies, type Difference } from '../compare-bodies.ts';
import { contractOf, type PolicyType } from '../contracts/list.ts';
import { findHiddenPlaces } from '../secrets/hidden-places.ts';
import { findMarkers } from '../secrets/place-markers.ts';
import { isSameJson, restorableBody } from './sendable-body.ts';
import type { WriteStep } from './write-step.ts';

/**
 * Where a body that was read does not show what a step sent: places as `settings[2].value`; none
 * when it shows all of it. What Graph adds by itself (defaults, names of what was sent by its id)
 * is no difference, and neither is an empty value that it leaves out. Hidden secrets cannot be
 * seen.
 */
export function findUnshown(
  type: PolicyType,
  step: WriteStep,
  read: JsonObject,
): readonly string[] {
  const sent = restorableBody(type, sentBody(type, step));
  const shown = restorableBody(type, read);
  const hidden = new Set(
    [...findHiddenPlaces(type, sent), ...findHiddenPlaces(type, shown)].map(({ place }) => place),
  );
  return findUncovered({ sent, shown, place: '', hidden });
}

/**
 * What of a body that was read is not as the steps sent it, setting by setting: from what is there
 * to what was sent.
 */
export function compareWithSent(
  type: PolicyType,
  steps: readonly WriteStep[],
  read: JsonObject,
): readonly Difference[] {
  const shown = restorableBody(type, read);
  const missing = steps.flatMap((step) => {
    const sent = restorableBody(type, sentBody(type, step));
    const tops = new Set(findUnshown(type, step, read).map((place) => place.split(/[.[]/)[0]));
    return Object.entries(sent).filter(([key]) => tops.has(key) || tops.has(key.split('.')[0]));
  });
  return compareBodies(type, shown, { ...shown, ...Object.fromEntries(missing) });
}

/**
 * Whether an object still stands as it was before a step, as far as that step would change it: what
 * the step sends reads the same in both.
 */
export function isAsBefore(
  type: PolicyType,
  step: WriteStep,
  before: JsonObject,
  now: JsonObject,
): boolean {
  const was = restorableBody(type, before);
  const is = restorableBody(type, now);
  return Object.keys(sentBody(type, step)).every((key) =>
    isSameJson(emptyAsNull(was[key]), emptyAsNull(is[key])),
  );
}

/** What a step sends, in the shape of the whole object. */
function sentBody(type: PolicyType, step: WriteStep): JsonObject {
  const action = contractOf(type).writing.actions.find((each) => each.step === step.name);
  if (action === undefined) return step.body;
  return { [action.part]: step.body[action.bodyKey] ?? [] };
}

interface Sides {
  readonly sent: JsonValue;
  readonly shown: JsonValue | undefined;
  readonly place: string;
  readonly hidden: ReadonlySet<string>;
}

function findUncovered({ sent, shown, place, hidden }: Sides): readonly string[] {
  if (hidden.has(place) && place !== '') return [];
  if (typeof sent === 'string' && findMarkers(sent).length > 0) return [];
  if (Array.isArray(sent)) {
    const list = Array.isArray(shown) ? shown : [];
    if (list.length !== sent.length) return [place];
    return sent.flatMap((element, at) =>
      findUncovered({ sent: element, shown: list[at], place: `${place}[${at}]`, hidden }),
    );
  }
  if (isJsonObject(sent)) {
    if (!isJsonObject(shown)) return [place];
    return Object.entries(sent).flatMap(([key, value]) =>
      findUncovered({ sent: value, shown: shown[key], place: joinPath(place, key), hidden }),
    );
  }
  return isSameJson(emptyAsNull(sent), emptyAsNull(shown)) ? [] : [place];
}

/** What holds nothing and what is not there mean the same to whoever reads them. */
function emptyAsNull(value: JsonValue | undefined): JsonValue {
  if (value === undefined || value === '') return null;
  return Array.isArray(value) && value.length === 0 ? null : value;
}
