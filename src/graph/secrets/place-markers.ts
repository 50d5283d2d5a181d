import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/canonical-json.ts';
import type { EnteredRule } from '../contracts/define-contract.ts';
import type { PolicyType } from '../contracts/list.ts';
import { isSameJson } from '../writing/sendable-body.ts';
import type { WriteStep } from '../writing/write-step.ts';
import { findHiddenPlaces, mapHiddenPlaces } from './hidden-places.ts';

/**
 * Stands in a request for a value that a person entered: requests are stored, values are put in
 * only as they leave.
 */
export function secretMarker(id: string): string {
  return `restore-secret:${id}`;
}

const MARKER = /^restore-secret:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** The markers in a body. */
export function findMarkers(body: JsonValue): readonly string[] {
  if (typeof body === 'string') return MARKER.test(body) ? [body] : [];
  if (Array.isArray(body)) return body.flatMap(findMarkers);
  return isJsonObject(body) ? Object.values(body).flatMap(findMarkers) : [];
}

export interface MarkedSteps {
  readonly steps: readonly WriteStep[];
  /** Places of hidden values whose objects the requests carry, sorted. */
  readonly needed: readonly string[];
  /** Those of them that nobody entered a value for: as it is, the steps must not be sent. */
  readonly missing: readonly string[];
}

/**
 * Puts a marker wherever a request carries an object that hides a value.
 * @param saved the stored body, by which places are named
 * @param entered the id of the entered value, by place
 */
export function placeMarkers(
  type: PolicyType,
  saved: JsonObject,
  steps: readonly WriteStep[],
  entered: ReadonlyMap<string, string>,
): MarkedSteps {
  const objects = new Map(findHiddenPlaces(type, saved).map((hidden) => [hidden.place, hidden]));
  const needed = new Set<string>();
  const missing = new Set<string>();
  const marked = steps.map((step) => ({
    ...step,
    body: mapHiddenPlaces(type, step.body, ({ place, object, rule }) => {
      needed.add(place);
      const id = isStillThere(place, object, objects.get(place)?.object) && entered.get(place);
      if (id) return withMarker(rule.entered, object, secretMarker(id));
      missing.add(place);
      return object;
    }),
  }));
  return { steps: marked, needed: [...needed].sort(), missing: [...missing].sort() };
}

/**
 * Lists are sorted anew when references are mapped: a value must not end in another object than the
 * one that it was entered for. What Graph sets itself is not sent, so less may be said of it.
 */
function isStillThere(place: string, sent: JsonObject, saved: JsonObject | undefined): boolean {
  if (place === '') return true;
  return (
    saved !== undefined &&
    Object.entries(sent).every(([key, value]) => isSameJson(value, saved[key]))
  );
}

function withMarker(
  { property, leavesOut = [], alongside = {} }: EnteredRule,
  object: JsonObject,
  marker: string,
): JsonObject {
  const kept = Object.entries(object).filter(([key]) => !leavesOut.includes(key));
  return { ...Object.fromEntries(kept), ...alongside, [property]: marker };
}
