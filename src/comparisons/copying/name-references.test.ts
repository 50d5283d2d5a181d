import { expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import { nameReferences } from './name-references.ts';

const [A, B, C] = ['0001', '0002', '0003'].map((end) => `6f0c8a52-1b1f-4f43-9f2e-1f1f1f1f${end}`);
const TYPE = 'configurationPolicy';

function assignedTo(...groupIds: (string | undefined)[]): JsonObject {
  return {
    name: 'A policy',
    assignments: groupIds.map((groupId) => ({
      target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId: groupId ?? '' },
    })),
  };
}

function groupsIn(body: JsonObject): string[] {
  return [...JSON.stringify(body).matchAll(/"groupId":"([^"]*)"/g)].map(([, id]) => id ?? '');
}

const named = (body: JsonObject, names: Record<string, string>) =>
  groupsIn(nameReferences(TYPE, body, names));

test('known ids are told by name, in the order of the names, whatever their ids', () => {
  const here = named(assignedTo(A, B), { [`group:${A}`]: 'Finance', [`group:${B}`]: 'Admins' });
  const there = named(assignedTo(C, B), { [`group:${C}`]: 'Admins', [`group:${B}`]: 'Finance' });
  expect(here).toEqual(['Admins', 'Finance']);
  expect(there).toEqual(here);
});

test('an unknown id stays and so differs', () => {
  expect(named(assignedTo(A), {})).toEqual([A]);
});

test('two of one name do not become one', () => {
  const names = { [`group:${A}`]: 'Finance', [`group:${B}`]: 'Finance' };
  expect(named(assignedTo(A, B), names)).toEqual([`Finance (${A})`, `Finance (${B})`]);
});
