import type { Kind, Part } from '../kinds/kind.ts';
import type { StoredObject } from '../state/stored-object.ts';
import { isObject, type Json, type JsonObject, omitKeys } from '../values/json.ts';
import { type Random, shuffle } from '../values/random.ts';
import type { GraphCall } from './graph-call.ts';
import { QueryError, type ReadQuery } from './read-query.ts';

interface Shaping {
  readonly call: GraphCall;
  readonly kind: Kind;
  readonly query: ReadQuery;
  readonly isInList: boolean;
  readonly random: Random;
}

/** The object as Graph answers it to this request: expanded, selected, unordered lists shuffled. */
export function shapeObject(shaping: Shaping, stored: StoredObject): JsonObject {
  const { call, kind, query } = shaping;
  const unordered = shuffleUnordered(kind, stored.body, shaping.random);
  const shown = call.version === 'beta' ? unordered : omitKeys(unordered, kind.betaOnly);
  if (kind.name === 'conditionalAccessPolicies') addStrengthContext(call, stored.id, shown);
  const selected = query.select === undefined ? shown : selectKeys(shown, query.select);
  for (const [name, nested] of query.expand) {
    const part = kind.parts.find((candidate) => candidate.name === name);
    if (part === undefined) throw unknownProperty(kind, name);
    for (const inner of nested) if (inner !== part.nested) throw unknownProperty(kind, inner);
    if (shaping.isInList && !part.expandInList) continue;
    selected[`${name}@odata.context`] = partContext(call, kind, stored.id, name);
    selected[name] = expandedElements(part, stored, nested, shaping.random);
  }
  return selected;
}

/** An $expand of what the type does not have. */
export function unknownProperty(kind: Kind, name: string): QueryError {
  return new QueryError(
    'Parsing OData Select and Expand failed: ' +
      `Could not find a property named '${name}' on type 'microsoft.graph.${kind.entity}'.`,
  );
}

/** One element of a part: without what needs an $expand of its own. */
export function shapeElement(
  part: Part,
  element: JsonObject,
  expanded: readonly string[],
): JsonObject {
  if (part.nested === undefined || expanded.includes(part.nested)) return element;
  return omitKeys(element, [part.nested]);
}

/** The address that tells what an answer holds. */
export function contextOf(call: GraphCall, what: string): string {
  return `${call.origin}/${call.version}/$metadata#${what}`;
}

/** The context of a part's collection. */
export function partContext(call: GraphCall, kind: Kind, id: string, part: string): string {
  return contextOf(call, `${kind.path}('${id}')/${part}`);
}

function expandedElements(
  part: Part,
  stored: StoredObject,
  nested: readonly string[],
  random: Random,
): JsonObject[] {
  if (part.expand === 'empty') return [];
  const elements = stored.parts.get(part.name) ?? [];
  return shuffle(elements, random).map((element) => shapeElement(part, element, nested));
}

/** The id and the type come along whatever is selected. */
function selectKeys(body: JsonObject, keys: readonly string[]): JsonObject {
  const selected: JsonObject = {};
  for (const key of ['@odata.type', 'id', ...keys]) {
    const value = body[key];
    if (value !== undefined) selected[key] = value;
  }
  return selected;
}

function shuffleUnordered(kind: Kind, body: JsonObject, random: Random): JsonObject {
  if (kind.unordered === 'everywhere') return shuffleEverywhere(body, random);
  const shuffled = { ...body };
  for (const key of kind.unordered) {
    const list = shuffled[key];
    if (Array.isArray(list) && list.length > 1) shuffled[key] = shuffle(list, random);
  }
  return shuffled;
}

function shuffleEverywhere(body: JsonObject, random: Random): JsonObject {
  const shuffled: JsonObject = {};
  for (const [key, value] of Object.entries(body)) shuffled[key] = shuffleInside(value, random);
  return shuffled;
}

function shuffleInside(value: Json, random: Random): Json {
  if (Array.isArray(value)) {
    return shuffle(value, random).map((element) => shuffleInside(element, random));
  }
  return isObject(value) ? shuffleEverywhere(value, random) : value;
}

/** Conditional Access puts a context inside the object: noise that must not look like a change. */
function addStrengthContext(call: GraphCall, id: string, body: JsonObject): void {
  const controls = body['grantControls'];
  if (!isObject(controls)) return;
  const path = `identity/conditionalAccess/policies('${id}')/grantControls`;
  body['grantControls'] = {
    'authenticationStrength@odata.context': contextOf(
      call,
      `${path}/authenticationStrength/$entity`,
    ),
    ...controls,
  };
}
