import type { Kind } from '../kinds/kind.ts';
import { isObject, type Json, type JsonObject, textOf } from '../values/json.ts';
import type { Tenant } from './tenant.ts';

/**
 * What the service knows beyond what a client sends: it answers a policy template or an
 * authentication strength with its names, though only the id was sent. Known are those that any
 * object of the world had at the start: templates are Microsoft's, the same in every tenant.
 */
export type ServiceKnowledge = ReadonlyMap<string, JsonObject>;

/** Gathers it from all tenants as they are; the first that has one tells what it is called. */
export function gatherKnowledge(tenants: readonly Tenant[]): ServiceKnowledge {
  const known = new Map<string, JsonObject>();
  for (const { collections } of tenants) {
    for (const { kind, objects } of collections.values()) {
      for (const { body } of objects.values()) learn(known, kind, body);
    }
  }
  return known;
}

/** The body with what the service adds to the things that it names by an id. */
export function withKnowledge(known: ServiceKnowledge, kind: Kind, body: JsonObject): JsonObject {
  let whole = body;
  for (const { at, by } of kind.expanded ?? []) {
    whole = replaceAt(whole, at, (named) => {
      const facts = known.get(keyOf(kind, at, textOf(named[by])));
      return facts === undefined ? named : { ...facts, ...named };
    });
  }
  return whole;
}

function learn(known: Map<string, JsonObject>, kind: Kind, body: JsonObject): void {
  for (const { at, by } of kind.expanded ?? []) {
    replaceAt(body, at, (named) => {
      const key = keyOf(kind, at, textOf(named[by]));
      // One that bears nothing but its id teaches nothing; annotations depend on who asked.
      const facts = Object.entries(named).filter(([name]) => !name.includes('@odata.'));
      if (facts.length > 1 && !known.has(key)) known.set(key, Object.fromEntries(facts));
      return named;
    });
  }
}

function replaceAt(
  body: JsonObject,
  path: readonly string[],
  change: (named: JsonObject) => JsonObject,
): JsonObject {
  const [key, ...rest] = path;
  const value: Json | undefined = key === undefined ? undefined : body[key];
  if (key === undefined || !isObject(value)) return body;
  const changed = rest.length === 0 ? change(value) : replaceAt(value, rest, change);
  return { ...body, [key]: changed };
}

function keyOf(kind: Kind, at: readonly string[], id: string | undefined): string {
  return `${kind.name}/${at.join('.')}/${id ?? ''}`;
}
