import { expect, test } from 'vitest';
import { decideItem, type Matched, matchItem } from './match-item.ts';

const wanted = { sourceGraphId: 'a', name: 'Firewall', chosenGraphId: null };
const a = { graphId: 'a', name: 'Renamed' };
const b = { graphId: 'b', name: 'Firewall' };
const c = { graphId: 'c', name: 'Firewall' };

test('the object with the id is meant, whatever bears the name', () => {
  expect(matchItem(wanted, [b, a], true)).toMatchObject({ kind: 'same_id', graphId: 'a' });
});

test('ids of another tenant mean nothing', () => {
  expect(matchItem(wanted, [a, b], false)).toMatchObject({ kind: 'same_name', graphId: 'b' });
  expect(matchItem(wanted, [a], false)).toMatchObject({ kind: 'none', graphId: null });
});

test('a name is good only while it is the only one', () => {
  expect(matchItem(wanted, [b], true)).toMatchObject({ kind: 'same_name', graphId: 'b' });
  expect(matchItem(wanted, [c, b], true)).toEqual({
    kind: 'ambiguous',
    graphId: null,
    candidates: ['b', 'c'],
  });
});

test('what is chosen by hand is meant, if it is there', () => {
  const byHand = { ...wanted, chosenGraphId: 'c' };
  expect(matchItem(byHand, [a, b, c], true)).toMatchObject({ kind: 'chosen', graphId: 'c' });
  expect(matchItem(byHand, [a, b], true)).toMatchObject({ kind: 'none' });
});

const matched: Matched = { choice: null, match: 'same_id', mode: 'full', listingFailure: null };

test.each<[Partial<Matched>, string, string | null]>([
  [{}, 'update', null],
  [{ match: 'none' }, 'create', null],
  [{ match: 'ambiguous' }, 'blocked', 'restore.match_ambiguous'],
  [{ match: 'ambiguous', choice: 'create' }, 'create', null],
  [{ match: 'none', choice: 'update' }, 'blocked', 'restore.match_missing'],
  [{ choice: 'create' }, 'create', null],
  [{ choice: 'skip' }, 'skip', 'restore.skip_chosen'],
  [{ choice: 'skip', mode: 'preview_only' }, 'skip', 'restore.skip_chosen'],
  [{ mode: 'preview_only' }, 'blocked', 'restore.preview_only'],
  [{ mode: 'metadata_only' }, 'blocked', 'restore.metadata_only'],
  [{ mode: 'create_only' }, 'blocked', 'restore.create_only'],
  [{ mode: 'create_only', match: 'none' }, 'create', null],
  [{ mode: 'update_only' }, 'update', null],
  [{ mode: 'update_only', match: 'none' }, 'blocked', 'restore.update_only'],
  [{ listingFailure: 'graph.not_licensed' }, 'blocked', 'graph.not_licensed'],
])('%j: %s %s', (change, action, code) => {
  expect(decideItem({ ...matched, ...change })).toEqual({ action, code });
});
