import { expect, test } from 'vitest';
import { type Candidate, rankCandidates } from './rank-candidates.ts';

const called = (...names: string[]): Candidate[] =>
  names.map((name, at) => ({ id: `${at}`, name }));

function namesFor(name: string, ...there: string[]): string[] {
  return rankCandidates(name, called(...there)).map((one) => one.name);
}

test('the same name comes first, then the same letters, then what holds it or is held', () => {
  const there = ['ACME SG-Finance EU', 'sg-finance', 'Sales', 'Finance', 'SG-Finance'];
  expect(namesFor('SG-Finance', ...there)).toEqual([
    'SG-Finance',
    'sg-finance',
    'Finance',
    'ACME SG-Finance EU',
  ]);
});

test('five at most, each once, and a name of nothing is like nothing', () => {
  expect(namesFor('a', ...Array.from({ length: 9 }, (_, at) => `a${at}`))).toEqual([
    ...['a0', 'a1', 'a2', 'a3', 'a4'],
  ]);
  const twice = [...called('One'), ...called('One')];
  expect(rankCandidates('One', twice)).toHaveLength(1);
  expect(namesFor('One', '')).toEqual([]);
  expect(namesFor('', 'One')).toEqual([]);
});
