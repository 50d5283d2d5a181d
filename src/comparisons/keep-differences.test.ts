import { expect, test } from 'vitest';
import type { Difference } from '../graph/compare-bodies.ts';
import { keptDifferences } from './keep-differences.ts';

const changed = (after: Difference['after']): Difference => {
  return { path: 'a', label: 'A', kind: 'changed', before: null, after };
};

test('what fits is kept to the letter', () => {
  const few = [changed('x'), changed({ deep: [1, null, 'y'] })];
  expect(keptDifferences(few)).toEqual(few);
});

test('a long value is cut, a long structure as its text', () => {
  const [text, structure] = keptDifferences([
    changed('x'.repeat(20_000)),
    changed({ script: 'y'.repeat(20_000) }),
  ]);
  expect(text?.after).toMatch(/^x{10000}…$/);
  expect(structure?.after).toMatch(/^\{"script":"y+…$/);
});

test('neither many differences nor large ones grow without a bound', () => {
  expect(keptDifferences(Array.from({ length: 5_000 }, () => changed(1)))).toHaveLength(1_000);
  const large = Array.from({ length: 1_000 }, () => changed('z'.repeat(9_000)));
  const kept = keptDifferences(large);
  expect(JSON.stringify(kept).length).toBeLessThan(210_000);
  expect(kept.length).toBeGreaterThan(10);
});
