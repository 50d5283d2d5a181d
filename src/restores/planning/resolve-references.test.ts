import { expect, test } from 'vitest';
import { newGroupId } from '../../graph/writing/new-groups.ts';
import type { FoundReference } from '../../graph/writing/references.ts';
import {
  pendingId,
  resolveReferences,
  type SettledGroup,
  type Surroundings,
} from './resolve-references.ts';

const GROUP: FoundReference = { to: 'group', at: 'x', id: 'G-1' };
const FILTER: FoundReference = { to: 'assignmentFilter', at: 'x', id: 'f1' };
const STRENGTH: FoundReference = { to: 'authenticationStrength', at: 'x', id: 's1' };

const around: Surroundings = {
  mapping: {},
  idsHold: true,
  sourceNames: new Map(),
  groups: new Map(),
  objects: [],
  unlisted: new Set(),
  items: new Map(),
  newGroups: new Map(),
};
const elsewhere = { ...around, idsHold: false };

function idOf(reference: FoundReference, given: Partial<Surroundings>, base = around) {
  const { mapping } = resolveReferences([reference], { ...base, ...given });
  return mapping.get(`${reference.to}:${reference.id}`);
}

test('in the same tenant the same id is meant, while it is there', () => {
  expect(idOf(GROUP, { groups: new Map([['g-1', 'Finance']]) })).toBe('G-1');
  expect(idOf(GROUP, {})).toBeNull();
  const objects = [{ type: 'assignmentFilter', graphId: 'f1', name: 'Macs' }] as const;
  expect(idOf(FILTER, { objects })).toBe('f1');
  expect(idOf(FILTER, {})).toBeNull();
});

test('elsewhere an id means nothing; the only one of its name is meant', () => {
  const sourceNames = new Map([
    ['group:g-1', 'Finance'],
    ['assignmentFilter:f1', 'Macs'],
  ]);
  const groups = new Map([['g-9', 'Finance']]);
  expect(idOf(GROUP, { sourceNames, groups }, elsewhere)).toBe('g-9');
  expect(idOf(GROUP, { groups: new Map([['g-1', 'Sales']]) }, elsewhere)).toBeNull();
  const twice = new Map([...groups, ['g-8', 'Finance']]);
  expect(idOf(GROUP, { sourceNames, groups: twice }, elsewhere)).toBeNull();
  const macs = { type: 'assignmentFilter', graphId: 'f9', name: 'Macs' } as const;
  expect(idOf(FILTER, { sourceNames, objects: [macs] }, elsewhere)).toBe('f9');
  const objects = [macs, { ...macs, graphId: 'f8' }];
  expect(idOf(FILTER, { sourceNames, objects }, elsewhere)).toBeNull();
});

test('a group that was ticked is made where none is meant, and what cannot be made is told', () => {
  const ticked = (settled: SettledGroup) => new Map([['g-1', settled]]);
  const newGroups = ticked({ action: 'create' });
  expect(idOf(GROUP, { newGroups }, elsewhere)).toBe(newGroupId('g-1'));
  expect(idOf(GROUP, { newGroups, groups: new Map([['g-1', 'Finance']]) })).toBe('G-1');
  expect(idOf(GROUP, { newGroups, mapping: { 'group:g-1': null } })).toBeNull();
  const exists = ticked({ action: 'exists', graphId: 'g-9' });
  expect(idOf(GROUP, { newGroups: exists }, elsewhere)).toBe('g-9');
  const code = 'restore.group_ambiguous' as const;
  const blocked = { ...around, newGroups: ticked({ action: 'blocked', code }) };
  const { refused, resolved } = resolveReferences([GROUP], blocked);
  expect(refused).toEqual([{ reference: GROUP, code }]);
  expect(resolved).toEqual([
    { kind: 'group', id: 'g-1', name: null, how: 'nothing', target: null },
  ]);
});

test('by hand goes before all else, if what is named exists', () => {
  const groups = new Map([
    ['g-1', 'Finance'],
    ['g-2', 'Sales'],
  ]);
  expect(idOf(GROUP, { groups, mapping: { 'group:G-1': 'g-2' } })).toBe('g-2');
  expect(idOf(GROUP, { groups, mapping: { 'group:g-1': 'G-2' } })).toBe('G-2');
  expect(idOf(GROUP, { groups, mapping: { 'group:G-1': null } })).toBeNull();
  expect(idOf(GROUP, { groups, mapping: { 'group:G-1': 'g-3' } })).toBeNull();
  expect(idOf(FILTER, { mapping: { 'assignmentFilter:f1': 'f2' } })).toBeNull();
});

test('an item of the same restore is meant before an object of the name', () => {
  const items = (becomes: 'created' | 'match' | 'nothing') =>
    new Map([['assignmentFilter:f1', { versionId: 'v1', becomes, graphId: 'f7' }]]);
  expect(idOf(FILTER, { items: items('created') })).toBe(pendingId('v1'));
  expect(idOf(FILTER, { items: items('match') })).toBe('f7');
  expect(idOf(FILTER, { items: items('nothing') })).toBeNull();
  const resolved = resolveReferences([FILTER], { ...around, items: items('created') });
  expect(resolved.dependsOn).toEqual(['v1']);
});

test('what cannot be looked up is taken over in its own tenant only, and told', () => {
  const cases: [FoundReference, Partial<Surroundings>][] = [
    [GROUP, { groups: null }],
    [FILTER, { unlisted: new Set(['assignmentFilter']) }],
    [STRENGTH, {}],
  ];
  for (const [reference, given] of cases) {
    expect(idOf(reference, given)).toBe(reference.id);
    expect(resolveReferences([reference], { ...around, ...given }).unchecked).toEqual([reference]);
    expect(idOf(reference, given, elsewhere)).toBeNull();
  }
});

test('applications are the same everywhere, as far as we can tell', () => {
  const application: FoundReference = { to: 'application', at: 'x', id: 'app' };
  expect(idOf(application, {}, elsewhere)).toBe('app');
  expect(resolveReferences([application], elsewhere).unchecked).toEqual([application]);
});
