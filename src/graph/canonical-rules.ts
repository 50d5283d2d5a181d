import type { JsonObject } from '../kernel/canonical-json.ts';
import { compilePaths } from './body-paths.ts';
import { holds } from './condition.ts';
import type { Contract, SecretRule } from './contracts/define-contract.ts';

/** A contract's rules about sameness, compiled: asked for every property of every body. */
export interface CanonicalRules {
  isVolatile(path: string): boolean;
  repeatsId(path: string): boolean;
  namesGroup(path: string): boolean;
  /** The keys by which the list at this path is sorted; undefined when its order has a meaning. */
  sortKeys(path: string): readonly (readonly string[])[] | undefined;
  /** Placeholders to leave out when the object hides a secret; undefined when it hides none. */
  maskedPlaceholders(object: JsonObject, path: string): readonly string[] | undefined;
  /** The rule by which the object hides a secret; no object of a contract has two. */
  hiddenBy(object: JsonObject, path: string): SecretRule | undefined;
}

const compiled = new WeakMap<Contract, CanonicalRules>();

export function rulesOf(contract: Contract): CanonicalRules {
  const known = compiled.get(contract);
  if (known !== undefined) return known;
  const rules = compileRules(contract);
  compiled.set(contract, rules);
  return rules;
}

function compileRules(contract: Contract): CanonicalRules {
  const unordered = contract.unordered.map(({ at, by }) => ({ matches: compilePaths([at]), by }));
  const secrets = contract.secrets.map((rule) => ({ ...rule, matches: compilePaths([rule.at]) }));
  const groups = contract.references.filter(({ to }) => to === 'group');
  const hidden = (object: JsonObject, path: string) =>
    secrets.filter((rule) => rule.matches(path) && holds(rule.maskedWhen, object));
  return {
    isVolatile: rememberByPath(compilePaths(contract.volatile)),
    repeatsId: compilePaths(contract.repeatsId ?? []),
    namesGroup: rememberByPath(compilePaths(groups.map(({ at }) => at))),
    sortKeys: rememberByPath((path) => unordered.find(({ matches }) => matches(path))?.by),
    maskedPlaceholders: (object, path) => {
      const found = hidden(object, path);
      return found.length === 0 ? undefined : found.flatMap((rule) => rule.placeholders);
    },
    hiddenBy: (object, path) => hidden(object, path)[0],
  };
}

/** Paths repeat from policy to policy; the bound keeps odd property names from piling up. */
const REMEMBERED_PATHS_MAX = 10_000;

function rememberByPath<T>(answer: (path: string) => T): (path: string) => T {
  const known = new Map<string, T>();
  return (path) => {
    const remembered = known.get(path);
    if (remembered !== undefined || known.has(path)) return remembered ?? answer(path);
    if (known.size >= REMEMBERED_PATHS_MAX) known.clear();
    const value = answer(path);
    known.set(path, value);
    return value;
  };
}
