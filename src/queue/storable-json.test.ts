import { expect, test } from 'vitest';
import { storableJson } from './storable-json.ts';

test('what PostgreSQL refuses is replaced, everything else stays', () => {
  const value = { name: 'a\u0000b', cut: '😀'.slice(0, 1), list: ['ö', 1, null, true] };
  expect(JSON.parse(storableJson(value))).toEqual({
    name: 'a\uFFFDb',
    cut: '\uFFFD',
    list: ['ö', 1, null, true],
  });
});
