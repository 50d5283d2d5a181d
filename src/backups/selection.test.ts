import { expect, test } from 'vitest';
import { newId, policyIdSchema } from '../kernel/ids.ts';
import { selectionSchema, selectionTarget } from './selection.ts';

test('a selection has one name, in whatever order and however often a thing is chosen', () => {
  const [first, second] = [newId(policyIdSchema), newId(policyIdSchema)];
  const one = selectionTarget({ kind: 'policies', policyIds: [first, second] });
  expect(selectionTarget({ kind: 'policies', policyIds: [second, first, second] })).toBe(one);
  expect(selectionTarget({ kind: 'policies', policyIds: [first] })).not.toBe(one);
  expect(one).toMatch(/^selection:[0-9a-f]{64}$/);
});

test('the input that is stored is sorted too: the same selection is never other input', () => {
  const types = ['namedLocation', 'conditionalAccessPolicy', 'namedLocation'];
  expect(selectionSchema.parse({ kind: 'types', types })).toEqual({
    kind: 'types',
    types: ['conditionalAccessPolicy', 'namedLocation'],
  });
});

test.each([
  ['nothing chosen', { kind: 'policies', policyIds: [] }],
  ['an unknown type', { kind: 'types', types: ['mobileApp'] }],
  ['a malformed id', { kind: 'policies', policyIds: ['1'] }],
  ['a field of another kind', { kind: 'all', types: ['namedLocation'] }],
  ['too many', { kind: 'policies', policyIds: Array.from({ length: 1001 }, () => '') }],
])('%s is refused', (_what, selection) => {
  expect(selectionSchema.safeParse(selection).success).toBe(false);
});
