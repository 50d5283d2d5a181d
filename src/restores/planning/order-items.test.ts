import fc from 'fast-check';
import { expect, test } from 'vitest';
import { POLICY_TYPES } from '../../graph/contracts/list.ts';
import { type ItemToOrder, orderItems } from './order-items.ts';

const item = (id: string, change: Partial<ItemToOrder> = {}): ItemToOrder => ({
  id,
  type: 'configurationPolicy',
  name: id,
  dependsOn: [],
  ...change,
});

test('types that others refer to come first, then names', () => {
  const items = [
    item('policy b'),
    item('ca', { type: 'conditionalAccessPolicy' }),
    item('filter', { type: 'assignmentFilter' }),
    item('policy a'),
    item('location', { type: 'namedLocation' }),
    item('tag', { type: 'roleScopeTag' }),
  ];
  const { ids } = orderItems(items);
  expect(ids.slice(0, 2).toSorted()).toEqual(['location', 'tag']);
  expect(ids.slice(-2)).toEqual(['policy a', 'policy b']);
  expect(ids.indexOf('filter')).toBeGreaterThan(ids.indexOf('tag'));
  expect(ids.indexOf('ca')).toBeGreaterThan(ids.indexOf('location'));
});

test('an item comes after what it needs, also against the order of types', () => {
  const items = [item('tag', { type: 'roleScopeTag', dependsOn: ['b'] }), item('b'), item('a')];
  expect(orderItems(items).ids).toEqual(['a', 'b', 'tag']);
  expect(orderItems([item('a', { dependsOn: ['gone', 'a'] })]).ids).toEqual(['a']);
});

test('a cycle is told, comes last, and takes along what hangs on it', () => {
  const items = [
    item('a', { dependsOn: ['b'] }),
    item('b', { dependsOn: ['a'] }),
    item('behind', { dependsOn: ['a'] }),
    item('free'),
  ];
  const { ids, inCycle } = orderItems(items);
  expect(ids[0]).toBe('free');
  expect([...inCycle].toSorted()).toEqual(['a', 'b', 'behind']);
});

test('whatever the order they come in, everything is there once and after what it needs', () => {
  const graph = fc
    .array(fc.tuple(fc.constantFrom(...POLICY_TYPES), fc.array(fc.nat(19))), { maxLength: 20 })
    .chain((drafts) => {
      // only on those before: no cycle
      const items = drafts.map(([type, on], at) =>
        item(String(at), { type, dependsOn: on.filter((each) => each < at).map(String) }),
      );
      return fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length }));
    });
  fc.assert(
    fc.property(graph, ([items, shuffled]) => {
      const { ids, inCycle } = orderItems(shuffled);
      expect(ids).toEqual(orderItems(items).ids);
      expect(ids.toSorted()).toEqual(items.map(({ id }) => id).toSorted());
      expect(inCycle.size).toBe(0);
      for (const { id, dependsOn } of items) {
        for (const first of dependsOn) expect(ids.indexOf(first)).toBeLessThan(ids.indexOf(id));
      }
    }),
  );
});
