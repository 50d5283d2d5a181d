import {
  canonicalText,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../kernel/canonical-json.ts';
import { compilePaths, joinPath } from '../body-paths.ts';
import { holds } from '../condition.ts';
import type { Reference } from '../contracts/define-contract.ts';
import { contractOf, type PolicyType } from '../contracts/list.ts';
import { isNewGroupId } from './new-groups.ts';
import type { ReferenceMapping, UnmappedReference } from './references.ts';
import { isTenantsOwn } from './tenants-own.ts';

interface MappedIds {
  readonly body: JsonObject;
  readonly unmapped: readonly UnmappedReference[];
}

/** Replaces ids, and leaves out what holds one that has no counterpart; not yet in order. */
export function mapIds(type: PolicyType, body: JsonObject, mapping: ReferenceMapping): MappedIds {
  const rules = contractOf(type).references.map((rule) => ({
    rule,
    matches: compilePaths([rule.at]),
  }));
  const walk: Walk = {
    mapping,
    ruleAt: (path, holder) =>
      rules.find(
        ({ rule, matches }) =>
          matches(path) && (rule.when === undefined || holds(rule.when, holder)),
      )?.rule,
    unmapped: new Map(),
    isElementLost: false,
  };
  return { body: mapObject(walk, body, ''), unmapped: [...walk.unmapped.values()] };
}

interface Walk {
  readonly mapping: ReferenceMapping;
  readonly ruleAt: (path: string, holder: JsonObject) => Reference | undefined;
  /** By path, kind and id: each is told once. */
  readonly unmapped: Map<string, UnmappedReference>;
  /** Something in the innermost list element under way cannot do without its counterpart. */
  isElementLost: boolean;
}

function mapObject(walk: Walk, object: JsonObject, path: string): JsonObject {
  const kept: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(object)) {
    const mapped = mapValue(walk, value, joinPath(path, key), object);
    if (mapped !== undefined) kept.push([key, mapped]);
  }
  return Object.fromEntries(kept);
}

function mapValue(
  walk: Walk,
  value: JsonValue,
  path: string,
  holder: JsonObject,
): JsonValue | undefined {
  if (Array.isArray(value)) return mapList(walk, value, path, holder);
  if (isJsonObject(value)) return mapObject(walk, value, path);
  return typeof value === 'string' ? mapId(walk, value, path, holder) : value;
}

function mapList(
  walk: Walk,
  list: readonly JsonValue[],
  path: string,
  holder: JsonObject,
): JsonValue | undefined {
  const wasElementLost = walk.isElementLost;
  const kept: JsonValue[] = [];
  for (const element of list) {
    walk.isElementLost = false;
    const mapped = mapValue(walk, element, `${path}[]`, holder);
    if (mapped !== undefined && !walk.isElementLost) kept.push(mapped);
  }
  walk.isElementLost = wasElementLost;
  const rule = walk.ruleAt(`${path}[]`, holder);
  if (rule?.ifUnmapped === 'property' && kept.length === 0 && list.length > 0) return undefined;
  return rule === undefined ? kept : withoutRepeats(kept);
}

/** The target's id, the value itself where it is none, undefined where the value is left out. */
function mapId(walk: Walk, id: string, path: string, holder: JsonObject): JsonValue | undefined {
  const rule = walk.ruleAt(path, holder);
  if (rule === undefined || !isTenantsOwn(rule.to, id)) return id;
  const target = walk.mapping.get(`${rule.to}:${id}`) ?? null;
  // whom an empty group should keep out would be reached
  const isToNewGroup = target !== null && rule.excludes === true && isNewGroupId(target);
  if (target !== null && !isToNewGroup) return target;
  const { to, ifUnmapped, excludes } = rule;
  walk.unmapped.set(canonicalText([path, to, id, excludes ?? false]), {
    to,
    at: path,
    id,
    ...(excludes ? { excludes } : {}),
    leavesOut: ifUnmapped,
    ...(isToNewGroup ? { isToNewGroup } : {}),
  });
  if (ifUnmapped === 'element') walk.isElementLost = true;
  return ifUnmapped === 'value' || ifUnmapped === 'property' ? undefined : id;
}

/** Two ids of the source may have become one. */
function withoutRepeats(list: readonly JsonValue[]): readonly JsonValue[] {
  return [...new Map(list.map((element) => [canonicalText(element), element])).values()];
}
