import { expect, test } from 'vitest';
import { type SeenGroup, settleGroup } from './settle-group.ts';
import type { TickedGroup } from './ticked-groups.ts';

const finance = ticked('g1', 'Finance');

test('a group is made when none of its name was seen, in whatever letters', () => {
  expect(settle([])).toEqual({ action: 'create' });
  expect(settle([seen('g8', 'Sales')])).toEqual({ action: 'create' });
  expect(settle([seen('g9', 'Finance')])).toEqual({ action: 'exists', graphId: 'g9' });
  expect(settle([seen('g9', 'FINANCE')])).toEqual({ action: 'exists', graphId: 'g9' });
});

test('of several the one in the same letters is meant; else a person decides', () => {
  const upper = seen('g8', 'FINANCE');
  expect(settle([upper, seen('g9', 'Finance')])).toEqual({ action: 'exists', graphId: 'g9' });
  const ambiguous = { action: 'blocked', code: 'restore.group_ambiguous' };
  expect(settle([upper, seen('g9', 'finance')])).toEqual(ambiguous);
  expect(settle([seen('g8', 'Finance'), seen('g9', 'Finance')])).toEqual(ambiguous);
});

test('two groups of one name are not made', () => {
  const code = 'restore.group_ambiguous';
  const other = ticked('g2', 'FINANCE');
  expect(settleGroup(finance, [finance, other], [], false)).toEqual({ action: 'blocked', code });
});

test('without a name none is made; in its own tenant a group that lives on is meant', () => {
  const code = 'restore.group_unnamed';
  const unnamed = { ...finance, name: null, nameKey: null };
  expect(settleGroup(unnamed, [unnamed], [], true)).toEqual({ action: 'blocked', code });
  const there = [seen('g1', 'Renamed'), seen('g9', 'Finance')];
  const exists = (graphId: string) => ({ action: 'exists', graphId });
  expect(settleGroup(finance, [finance], there, true)).toEqual(exists('g1'));
  expect(settleGroup(finance, [finance], there, false)).toEqual(exists('g9'));
});

function settle(groups: readonly SeenGroup[]) {
  return settleGroup(finance, [finance], groups, false);
}

function ticked(sourceId: string, name: string): TickedGroup {
  return { sourceId, name, nameKey: name.toLowerCase(), description: null };
}

function seen(graphId: string, name: string): SeenGroup {
  return { graphId, name, nameKey: name.toLowerCase() };
}
