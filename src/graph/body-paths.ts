import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/canonical-json.ts';

/**
 * The small path language of the contracts. `a.b[].c` names a place; a leading `**.` stands for
 * any depth, a trailing `.**` for everything below.
 */
export type PathTest = (path: string) => boolean;

/** A test for "is this path one of the patterns?", compiled once per contract. */
export function compilePaths(patterns: readonly string[]): PathTest {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('**')));
  const open = patterns.filter((pattern) => pattern.includes('**')).map(toRegExp);
  return (path) => exact.has(path) || open.some((pattern) => pattern.test(path));
}

function toRegExp(pattern: string): RegExp {
  const hasAnyHead = pattern.startsWith('**.');
  const hasAnyTail = pattern.endsWith('.**');
  const middle = pattern
    .slice(hasAnyHead ? 3 : 0, hasAnyTail ? -3 : undefined)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${hasAnyHead ? '(?:.*\\.)?' : ''}${middle}${hasAnyTail ? '\\..*' : ''}$`);
}

/** The path of a property below `parent`; the root's path is the empty string. */
export function joinPath(parent: string, property: string): string {
  return parent === '' ? property : `${parent}.${property}`;
}

/** Visits every object and leaf with its path; lists add `[]`. No deeper where `visit` says no. */
export function walkBody(
  value: JsonValue,
  visit: (value: JsonValue, path: string) => boolean,
  path = '',
): void {
  if (!visit(value, path)) return;
  if (Array.isArray(value)) {
    for (const element of value) walkBody(element, visit, `${path}[]`);
  } else if (isJsonObject(value)) {
    for (const [key, inner] of Object.entries(value)) walkBody(inner, visit, joinPath(path, key));
  }
}

/** The value at the end of a chain of property names; undefined when any link is missing. */
export function valueAt(object: JsonValue, keys: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = object;
  for (const key of keys) {
    value = isJsonObject(value) ? value[key] : undefined;
  }
  return value;
}

/** A property's value when it is text. */
export function textAt(object: JsonObject, property: string): string | null {
  const value = object[property];
  return typeof value === 'string' ? value : null;
}
