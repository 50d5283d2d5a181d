import {
  canonicalText,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  sha256Hex,
} from '../kernel/canonical-json.ts';
import { joinPath, textAt, valueAt, walkBody } from './body-paths.ts';
import { type CanonicalRules, rulesOf } from './canonical-rules.ts';
import type { PlatformSource } from './contracts/define-contract.ts';
import { contractOf, type PolicyType } from './contracts/list.ts';
import type { PolicyDocument } from './policy-document.ts';

/** What every listed or read object shows before it is brought into canonical form. */
export interface PolicyFace {
  readonly graphId: string;
  readonly name: string;
  readonly platform: string | null;
  readonly lastModifiedAt: string | null;
}

/**
 * Brings a completely read policy, its parts in place, into the form that is hashed and stored.
 * Fields nobody has heard of survive; the order of unordered collections does not matter.
 */
export function toPolicyDocument(type: PolicyType, raw: JsonObject, readAt: Date): PolicyDocument {
  const contract = contractOf(type);
  const rules = rulesOf(contract);
  const walk: Walk = { rules, ownId: textAt(raw, 'id'), isMasked: false };
  const cleaned = cleanObject(walk, raw, '');
  const body = canonicalText(cleaned);
  return {
    type,
    ...policyFace(type, raw),
    body,
    contentHash: sha256Hex(body),
    assignmentsHash: sha256Hex(canonicalText(cleaned['assignments'] ?? [])),
    scopeTagsHash: sha256Hex(
      canonicalText(cleaned['roleScopeTagIds'] ?? cleaned['roleScopeTags'] ?? []),
    ),
    meta: volatileFields(rules, raw),
    groupIds: groupIdsOf(rules, cleaned),
    hasMaskedSecrets: walk.isMasked,
    readAt,
  };
}

/**
 * A stored body whose content was changed (references mapped, say), in canonical form again: what
 * was sorted by an id may now stand elsewhere.
 */
export function canonicalBody(type: PolicyType, body: JsonObject): JsonObject {
  return cleanObject({ rules: rulesOf(contractOf(type)), ownId: null, isMasked: false }, body, '');
}

/** Id, name, platform and date of an object as its collection shows it. */
export function policyFace(type: PolicyType, raw: JsonObject): PolicyFace {
  const contract = contractOf(type);
  const graphId = textAt(raw, 'id') ?? '';
  return {
    graphId,
    name: textAt(raw, contract.nameProperty) ?? graphId,
    platform: platformOf(contract.platform, raw),
    lastModifiedAt: textAt(raw, 'lastModifiedDateTime') ?? textAt(raw, 'modifiedDateTime'),
  };
}

interface Walk {
  readonly rules: CanonicalRules;
  readonly ownId: string | null;
  isMasked: boolean;
}

function clean(walk: Walk, value: JsonValue, path: string): JsonValue {
  if (Array.isArray(value)) return cleanList(walk, value, path);
  if (isJsonObject(value)) return cleanObject(walk, value, path);
  return value;
}

function cleanObject(walk: Walk, object: JsonObject, path: string): JsonObject {
  const placeholders = walk.rules.maskedPlaceholders(object, path);
  if (placeholders !== undefined) walk.isMasked = true;
  const kept: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(object)) {
    if (isControlInformation(key) || placeholders?.includes(key)) continue;
    const inner = joinPath(path, key);
    if (walk.rules.isVolatile(inner)) continue;
    if (walk.ownId !== null && value === walk.ownId && walk.rules.repeatsId(inner)) continue;
    kept.push([key, clean(walk, value, inner)]);
  }
  // fromEntries defines properties: a key named __proto__ stays data.
  return Object.fromEntries(kept);
}

function cleanList(walk: Walk, list: readonly JsonValue[], path: string): JsonValue {
  const cleaned = list.map((element) => clean(walk, element, `${path}[]`));
  const keys = walk.rules.sortKeys(path);
  if (keys === undefined) return cleaned;
  return cleaned
    .map((element) => ({ element, order: keyText(element, keys) }))
    .sort((one, other) => compareText(one.order, other.order) || compareContent(one, other))
    .map(({ element }) => element);
}

/** The contract's keys come first, so that people find things in a body. */
function keyText(element: JsonValue, keys: readonly (readonly string[])[]): string {
  return keys.map((key) => canonicalText(valueAt(element, key) ?? null)).join('\u0000');
}

/** The whole content breaks every tie; written out only then, for it is the costly part. */
function compareContent(
  one: { readonly element: JsonValue },
  other: { readonly element: JsonValue },
): number {
  return compareText(canonicalText(one.element), canonicalText(other.element));
}

/** By code unit, the same on every machine. */
function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/**
 * OData's own annotations describe the answer, not the policy, and depend on the metadata level
 * asked for. `@odata.type` tells derived types apart, `x@odata.bind` is a reference: both stay.
 */
function isControlInformation(key: string): boolean {
  if (key === '@odata.type' || key.endsWith('@odata.bind')) return false;
  return key.includes('@odata.') || key.startsWith('#microsoft.graph.');
}

function volatileFields(rules: CanonicalRules, raw: JsonObject): JsonObject {
  const fields = Object.entries(raw).filter(
    ([key]) => rules.isVolatile(key) && !isControlInformation(key),
  );
  return Object.fromEntries(fields);
}

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

function groupIdsOf(rules: CanonicalRules, body: JsonObject): readonly string[] {
  const ids = new Set<string>();
  walkBody(body, (value, path) => {
    // Lists of Conditional Access also hold words such as "All".
    if (typeof value === 'string' && GUID.test(value) && rules.namesGroup(path)) ids.add(value);
    return true;
  });
  return [...ids].sort();
}

const PLATFORM_OF_TYPE = [
  [/^#microsoft\.graph\.(windows|editionUpgrade|sharedPC)/i, 'windows10'],
  [/^#microsoft\.graph\.macOS/i, 'macOS'],
  [/^#microsoft\.graph\.(ios|appleDevice)/i, 'iOS'],
  [/^#microsoft\.graph\.(android|aosp)/i, 'android'],
] as const;

function platformOf(source: PlatformSource, raw: JsonObject): string | null {
  if (source.from === 'nothing') return null;
  if (source.from === 'property') return textAt(raw, source.property);
  const odataType = textAt(raw, '@odata.type') ?? '';
  return PLATFORM_OF_TYPE.find(([pattern]) => pattern.test(odataType))?.[1] ?? null;
}
