import {
  canonicalText,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../kernel/canonical-json.ts';
import { compilePaths, joinPath, type PathTest } from '../body-paths.ts';
import { canonicalBody } from '../canonical-form.ts';
import type { Contract } from '../contracts/define-contract.ts';
import { contractOf, type PolicyType } from '../contracts/list.ts';
import { elementsOf } from './sendable-parts.ts';

/**
 * What of a stored body a restore can bring back, parts included: without what Graph sets itself.
 * Two objects are the same for a restore when theirs are.
 */
export function restorableBody(type: PolicyType, body: JsonObject): JsonObject {
  const { writing } = contractOf(type);
  const whole = sendable(type, body, []);
  const parts = writing.actions.map((action): [string, JsonValue][] => {
    const elements = elementsOf(action, whole);
    return elements === undefined ? [] : [[action.part, elements]];
  });
  return { ...whole, ...Object.fromEntries(parts.flat()) };
}

/** The properties of a POST that creates, but for the parts that actions send. */
export function bodyToCreate(type: PolicyType, saved: JsonObject): JsonObject {
  const { writing } = contractOf(type);
  const apart = writing.actions.filter(({ isInCreate }) => !isInCreate).map(({ part }) => part);
  return sendable(type, saved, apart);
}

/** The properties of an update; `counterpart` is what stands on the other side of it. */
export function bodyToUpdate(
  type: PolicyType,
  body: JsonObject,
  counterpart: JsonObject,
): JsonObject {
  const { writing } = contractOf(type);
  const apart = writing.actions.map(({ part }) => part);
  return sendable(type, body, [...writing.notUpdated, ...apart], counterpart);
}

export function isSameJson(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalText(one) === canonicalText(other);
}

function sendable(
  type: PolicyType,
  body: JsonObject,
  alsoWithout: readonly string[],
  counterpart?: JsonObject,
): JsonObject {
  const contract = contractOf(type);
  const isLeftOut = compilePaths([...contract.readOnly, ...alsoWithout]);
  const rules = { contract, isLeftOut };
  return sendableObject(rules, canonicalBody(type, body), '', counterpart);
}

interface Rules {
  readonly contract: Contract;
  readonly isLeftOut: PathTest;
}

function sendableObject(
  rules: Rules,
  object: JsonObject,
  path: string,
  counterpart: JsonValue | undefined,
): JsonObject {
  const { writing } = rules.contract;
  const named = writing.named.find(({ at }) => at === path);
  const omitsNulls = writing.nullsOmitted.includes(path);
  const other = isJsonObject(counterpart) ? counterpart : {};
  const kept: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(object)) {
    const inner = joinPath(path, key);
    if (rules.isLeftOut(inner) || (named !== undefined && !named.by.includes(key))) continue;
    // An empty member that clears something on the other side has to be said.
    if (omitsNulls && value === null && (other[key] ?? null) === null) continue;
    kept.push([key, sendableValue(rules, value, inner, other[key])]);
  }
  return Object.fromEntries(kept);
}

function sendableValue(
  rules: Rules,
  value: JsonValue,
  path: string,
  counterpart: JsonValue | undefined,
): JsonValue {
  if (Array.isArray(value)) {
    return value.map((element) => sendableValue(rules, element, `${path}[]`, undefined));
  }
  return isJsonObject(value) ? sendableObject(rules, value, path, counterpart) : value;
}
