import { expect, test } from 'vitest';
import { compilePaths, valueAt, walkBody } from './body-paths.ts';

test('an exact path names one place only', () => {
  const isVolatile = compilePaths(['id', 'settings[].id']);
  expect(['id', 'settings[].id', 'settings.id', 'a.id', 'settings[].idx'].map(isVolatile)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('a leading ** stands for any depth, the top included', () => {
  const isChildren = compilePaths(['**.children']);
  expect(isChildren('children')).toBe(true);
  expect(isChildren('settings[].settingInstance.choiceSettingValue.children')).toBe(true);
  expect(isChildren('settings[].grandchildren')).toBe(false);
});

test('a trailing ** stands for everything below, not for the place itself', () => {
  const isCondition = compilePaths(['conditions.**']);
  expect(isCondition('conditions.users.includeGroups')).toBe(true);
  expect(isCondition('conditions')).toBe(false);
  expect(isCondition('xconditions.users')).toBe(false);
});

test('walking visits leaves in lists and stops where told', () => {
  const seen: string[] = [];
  walkBody({ a: [{ b: 1 }], c: { d: 2 } }, (_, path) => {
    seen.push(path);
    return path !== 'c';
  });
  expect(seen).toEqual(['', 'a', 'a[]', 'a[].b', 'c']);
});

test('a chain of names reaches through dots in names, and misses softly', () => {
  expect(valueAt({ target: { '@odata.type': 'x' } }, ['target', '@odata.type'])).toBe('x');
  expect(valueAt({ target: null }, ['target', 'groupId'])).toBeUndefined();
});
