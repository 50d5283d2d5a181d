import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../kernel/canonical-json.ts';
import { canonicalText } from '../kernel/canonical-json.ts';
import { compareBodies } from './compare-bodies.ts';

const ENCRYPTION = 'device_vendor_msft_bitlocker_requiredeviceencryption';

test('a switched-off setting is told by its name and its choices', () => {
  expect(compareBodies('configurationPolicy', policy('1'), policy('0'))).toEqual([
    {
      path: `settings/${ENCRYPTION}`,
      label: 'Bitlocker › requiredeviceencryption',
      before: '1',
      after: '0',
      kind: 'changed',
    },
  ]);
});

test('a setting inside another is told by the chain of both', () => {
  const before = policy('1', [child('a', 5), child('b', true)]);
  const after = policy('1', [child('a', 6), child('c', 'x')]);
  expect(compareBodies('configurationPolicy', before, after)).toEqual([
    { path: `settings/${ENCRYPTION}/a`, label: 'A', before: 5, after: 6, kind: 'changed' },
    { path: `settings/${ENCRYPTION}/b`, label: 'B', before: true, after: null, kind: 'removed' },
    { path: `settings/${ENCRYPTION}/c`, label: 'C', before: null, after: 'x', kind: 'added' },
  ]);
});

test('a new setting shows its value and those inside it, not its plumbing', () => {
  const before = { settings: [] };
  const after = policy('1', [child('inner_one', 5)]);
  expect(compareBodies('configurationPolicy', before, after)).toMatchObject([
    { kind: 'added', before: null, after: { value: '1', 'Inner › one': 5 } },
  ]);
});

test('one row of a group changed is told by its number', () => {
  const rows = (...ports: number[]): JsonObject => ({
    settings: [
      {
        settingInstance: {
          settingDefinitionId: 'firewall',
          groupSettingCollectionValue: ports.map((port) => ({ children: [child('port', port)] })),
        },
      },
    ],
  });
  expect(compareBodies('configurationPolicy', rows(80, 81, 82), rows(80, 91, 82))).toEqual([
    { path: 'settings/firewall[1]/port', label: 'Port', before: 81, after: 91, kind: 'changed' },
  ]);
});

test('a widened assignment is told by its target', () => {
  const before = { assignments: [group('g1'), group('g2')] };
  const after = { assignments: [target('allDevicesAssignmentTarget'), group('g1', 'f1')] };
  const found = compareBodies('configurationPolicy', before, after);
  expect(found.map(({ label, kind, after: now }) => [label, kind, now])).toEqual([
    ['Assignment: All devices', 'added', target('allDevicesAssignmentTarget')],
    [
      'Assignment: Group g1 › Target › Device and app management assignment filter id',
      'added',
      'f1',
    ],
    ['Assignment: Group g2', 'removed', null],
  ]);
});

test('members of a set come and go one by one', () => {
  const policyOf = (...includeGroups: string[]): JsonObject => ({
    conditions: { users: { includeGroups } },
  });
  const path = 'conditions.users.includeGroups';
  const label = 'Conditions › Users › Include groups';
  expect(compareBodies('conditionalAccessPolicy', policyOf('a', 'b'), policyOf('b', 'c'))).toEqual([
    { path, label, before: 'a', after: null, kind: 'removed' },
    { path, label, before: null, after: 'c', kind: 'added' },
  ]);
});

test('another order is told where order means something', () => {
  const listOf = (...values: string[]): JsonObject => ({ cacheServerHostNames: values });
  expect(compareBodies('deviceConfiguration', listOf('a', 'b'), listOf('b', 'a'))).toEqual([
    {
      path: 'cacheServerHostNames',
      label: 'Cache server host names',
      before: ['a', 'b'],
      after: ['b', 'a'],
      kind: 'changed',
    },
  ]);
});

test('a null and an absent property are told apart', () => {
  expect(compareBodies('namedLocation', { a: null }, {})).toMatchObject([{ kind: 'removed' }]);
  expect(compareBodies('namedLocation', { a: null }, { a: 0 })).toMatchObject([
    { kind: 'changed', before: null, after: 0 },
  ]);
});

test('bodies that differ always give a difference, equal ones none', () => {
  const json = fc.jsonValue({ maxDepth: 4 }).map((value): JsonObject => {
    const plain: JsonValue = JSON.parse(JSON.stringify(value));
    return { settings: plain, assignments: plain, other: plain };
  });
  fc.assert(
    fc.property(json, json, (before, after) => {
      const found = compareBodies('configurationPolicy', before, after);
      expect(found.length > 0).toBe(canonicalText(before) !== canonicalText(after));
      expect(compareBodies('configurationPolicy', before, before)).toEqual([]);
    }),
  );
});

function policy(choice: string, children: readonly JsonObject[] = []): JsonObject {
  return {
    settings: [
      {
        settingInstance: {
          settingDefinitionId: ENCRYPTION,
          choiceSettingValue: { value: `${ENCRYPTION}_${choice}`, children },
        },
      },
    ],
  };
}

function child(settingDefinitionId: string, value: JsonValue): JsonObject {
  return { settingDefinitionId, simpleSettingValue: { value } };
}

function target(kind: string): JsonObject {
  return { target: { '@odata.type': `#microsoft.graph.${kind}` } };
}

function group(groupId: string, filterId?: string): JsonObject {
  const filter =
    filterId === undefined ? {} : { deviceAndAppManagementAssignmentFilterId: filterId };
  return {
    target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId, ...filter },
  };
}
