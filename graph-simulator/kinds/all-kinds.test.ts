import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isObject, type JsonObject, parseJson } from '../values/json.ts';
import { ALL_ROLES, findKind, KINDS } from './all-kinds.ts';

const ORACLE = new URL('../../../shared/graph/beta-paths.json', import.meta.url).pathname;

test('each kind has a name, a path and an entity of its own', () => {
  for (const key of ['name', 'path', 'entity'] as const) {
    expect(new Set(KINDS.map((kind) => kind[key])).size).toBe(KINDS.length);
  }
  for (const kind of KINDS) expect(findKind(kind.name)).toBe(kind);
  expect(ALL_ROLES).toContain('Policy.Read.All');
});

test('what is served exists in the list of beta paths, where that list is at hand', () => {
  const paths = readOracle();
  const missing = servedPaths().filter(([path, method]) => {
    const entry = paths?.[path];
    const methods = isObject(entry) ? entry['methods'] : undefined;
    return paths !== undefined && (!isObject(methods) || !(method in methods));
  });
  // Real, though not in the list: used by IntuneCD, IntuneManagement and the terraform provider.
  const known = [
    '/deviceManagement/configurationPolicies/{id} PUT',
    '/deviceManagement/compliancePolicies/{id} PUT',
  ];
  const expected = paths === undefined ? [] : known;
  expect(missing.map((pair) => pair.join(' ')).toSorted()).toEqual(expected.toSorted());
});

function servedPaths(): [string, string][] {
  return KINDS.flatMap((kind) => {
    const list = `/${kind.path}`;
    const one = `${list}/{id}`;
    const { create, patch, put, remove, assign } = kind.status;
    const served: [string, string, unknown][] = [
      [list, 'GET', true],
      [list, 'POST', create],
      [one, 'GET', true],
      [one, 'PATCH', patch],
      [one, 'PUT', put],
      [one, 'DELETE', remove],
      [`${one}/assign`, 'POST', assign],
      ...kind.parts.map((part): [string, string, unknown] => [`${one}/${part.name}`, 'GET', true]),
      ...Object.keys(kind.replacers ?? {}).map((action): [string, string, unknown] => [
        `${one}/${action}`,
        'POST',
        true,
      ]),
    ];
    return served
      .filter(([, , isServed]) => isServed !== null)
      .map(([path, method]): [string, string] => [path, method]);
  });
}

function readOracle(): JsonObject | undefined {
  if (!existsSync(ORACLE)) return undefined;
  const content = parseJson(readFileSync(ORACLE, 'utf8'));
  return isObject(content) ? content : {};
}
