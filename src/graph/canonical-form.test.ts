import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/canonical-json.ts';
import { toPolicyDocument } from './canonical-form.ts';
import type { PolicyType } from './contracts/list.ts';

const READ_AT = new Date('2026-11-20T08:00:00Z');
const GROUP = 'b2b3a1f0-1111-4222-8333-444455556666';

test('volatile fields and OData annotations leave the body and the volatile go to meta', () => {
  const document = documentOf('configurationPolicy', catalogPolicy());
  const body = JSON.parse(document.body);
  expect(body).not.toHaveProperty('id');
  expect(body).not.toHaveProperty('lastModifiedDateTime');
  expect(body).not.toHaveProperty('settings@odata.context');
  expect(body).not.toHaveProperty('#microsoft.graph.assign');
  expect(document.meta).toEqual({
    id: 'p1',
    createdDateTime: '2026-01-01T00:00:00Z',
    lastModifiedDateTime: '2026-02-02T00:00:00Z',
    settingCount: 3,
  });
  expect(document).toMatchObject({
    graphId: 'p1',
    name: 'BitLocker',
    platform: 'windows10',
    lastModifiedAt: '2026-02-02T00:00:00Z',
    groupIds: [GROUP],
    hasMaskedSecrets: false,
  });
});

test('fields nobody has heard of survive, a property named __proto__ included', () => {
  const raw: JsonObject = JSON.parse(
    '{"id":"x","name":"n","news":{"a":[2,1],"__proto__":{"b":1}}}',
  );
  expect(documentOf('configurationPolicy', raw).body).toBe(
    '{"name":"n","news":{"__proto__":{"b":1},"a":[2,1]}}',
  );
});

test('a change of a volatile field alone is no change', () => {
  const later = { ...catalogPolicy(), lastModifiedDateTime: '2026-09-09T00:00:00Z' };
  expect(hashOf('configurationPolicy', later)).toBe(hashOf('configurationPolicy', catalogPolicy()));
});

test('the id of the policy set that made an assignment stays, the own id does not', () => {
  const ownOnly = documentOf('configurationPolicy', catalogPolicy());
  expect(ownOnly.body).not.toContain('sourceId');
  const raw = { ...catalogPolicy(), assignments: [{ source: 'policySets', sourceId: 'set-9' }] };
  expect(documentOf('configurationPolicy', raw).body).toContain('"sourceId":"set-9"');
});

test('any order of unordered collections gives the same hash', () => {
  fc.assert(
    fc.property(fc.constantFrom(...EXAMPLES), fc.infiniteStream(fc.nat()), (example, numbers) => {
      const shuffled = shuffleUnordered(example.raw(), example.sets, numbers);
      expect(hashOf(example.type, shuffled)).toBe(hashOf(example.type, example.raw()));
    }),
  );
});

test('another order of an ordered list is a change', () => {
  const suites = [{ value: 'AES_256' }, { value: 'AES_128' }];
  const policy = (simpleSettingCollectionValue: JsonValue): JsonObject => ({
    id: 'p',
    settings: [{ settingInstance: { settingDefinitionId: 'tls', simpleSettingCollectionValue } }],
  });
  expect(hashOf('configurationPolicy', policy(suites.toReversed()))).not.toBe(
    hashOf('configurationPolicy', policy(suites)),
  );
});

test('a change of any meaningful leaf gives another hash', () => {
  for (const { type, raw } of EXAMPLES) {
    const before = hashOf(type, raw());
    for (const path of meaningfulLeaves(raw())) {
      expect(hashOf(type, changeLeaf(raw(), path)), path.join('.')).not.toBe(before);
    }
  }
});

test('an encrypted OMA-URI value is marked, and its placeholder is no value', () => {
  const secret = { omaUri: './Vendor/Key', isEncrypted: true, secretReferenceValueId: 'r' };
  const raw = (value: string): JsonObject => ({
    id: 'd',
    '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
    omaSettings: [
      { ...secret, value },
      { omaUri: './Vendor/Plain', isEncrypted: false, value: '****' },
    ],
  });
  const document = documentOf('deviceConfiguration', raw('PGEvPg=='));
  expect(document.hasMaskedSecrets).toBe(true);
  expect(document.body).not.toContain('PGEvPg==');
  expect(document.body).toContain('"value":"****"');
  expect(document.contentHash).toBe(hashOf('deviceConfiguration', raw('****')));
  expect(document.platform).toBe('windows10');
});

test('an encrypted settings-catalog value is marked and keeps its token', () => {
  const value = { value: 'token-1', valueState: 'encryptedValueToken' };
  const document = documentOf('configurationPolicy', {
    id: 'c',
    name: 'c',
    settings: [{ settingInstance: { settingDefinitionId: 's', simpleSettingValue: value } }],
  });
  expect(document.hasMaskedSecrets).toBe(true);
  expect(document.body).toContain('token-1');
});

test('groups are told from words, each once, sorted', () => {
  const other = 'a0b3a1f0-1111-4222-8333-444455556666';
  const { groupIds } = documentOf('conditionalAccessPolicy', {
    id: 'ca',
    conditions: { users: { includeGroups: [GROUP, 'All'], excludeGroups: [other, GROUP] } },
  });
  expect(groupIds).toEqual([other, GROUP]);
});

function documentOf(type: PolicyType, raw: JsonObject) {
  return toPolicyDocument(type, raw, READ_AT);
}

function hashOf(type: PolicyType, raw: JsonObject): string {
  return documentOf(type, raw).contentHash;
}

function catalogPolicy(): JsonObject {
  return {
    id: 'p1',
    name: 'BitLocker',
    platforms: 'windows10',
    createdDateTime: '2026-01-01T00:00:00Z',
    lastModifiedDateTime: '2026-02-02T00:00:00Z',
    settingCount: 3,
    roleScopeTagIds: ['0', '12', '3'],
    'settings@odata.context': 'x',
    '#microsoft.graph.assign': { title: 'x' },
    settings: [
      { id: '0', settingInstance: { settingDefinitionId: 'z_one', choiceSettingValue: choice() } },
      {
        id: '1',
        settingInstance: { settingDefinitionId: 'a_two', simpleSettingValue: { value: 5 } },
      },
      {
        id: '2',
        settingInstance: {
          settingDefinitionId: 'tls',
          simpleSettingCollectionValue: [{ value: 'AES_256' }, { value: 'AES_128' }],
        },
      },
    ],
    assignments: [
      { id: `p1_${GROUP}`, sourceId: 'p1', source: 'direct', target: { groupId: GROUP } },
      { id: 'p1_x', target: { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' } },
    ],
  };
}

function choice(): JsonObject {
  const child = (id: string) => ({ settingDefinitionId: id, simpleSettingValue: { value: id } });
  return { value: 'z_one_1', children: [child('k2'), child('k1'), child('k3')] };
}

function compliance(): JsonObject {
  return {
    id: 'c1',
    '@odata.type': '#microsoft.graph.windows10CompliancePolicy',
    displayName: 'Windows',
    roleScopeTagIds: ['1', '0'],
    assignments: [{ target: { groupId: GROUP } }, { target: { groupId: 'g2' } }],
    scheduledActionsForRule: [
      {
        id: 'r1',
        ruleName: 'PasswordRequired',
        scheduledActionConfigurations: [
          { id: 'a', actionType: 'block', gracePeriodHours: 0, notificationMessageCCList: [] },
          {
            id: 'b',
            actionType: 'notification',
            gracePeriodHours: 12,
            notificationMessageCCList: ['g1', 'g2'],
          },
        ],
      },
    ],
  };
}

function conditionalAccess(): JsonObject {
  return {
    id: 'ca',
    displayName: 'MFA',
    state: 'enabled',
    conditions: {
      clientAppTypes: ['browser', 'all'],
      users: { includeGroups: [GROUP, 'g2', 'g3'], excludeUsers: ['u2', 'u1'], includeUsers: [] },
    },
    grantControls: { operator: 'OR', builtInControls: ['mfa', 'compliantDevice'] },
  };
}

interface Example {
  readonly type: PolicyType;
  readonly raw: () => JsonObject;
  /** Names of the properties whose lists are sets: told here again, not taken from the contract. */
  readonly sets: readonly string[];
}

const EXAMPLES: readonly Example[] = [
  {
    type: 'configurationPolicy',
    raw: catalogPolicy,
    sets: ['settings', 'children', 'assignments', 'roleScopeTagIds'],
  },
  {
    type: 'deviceCompliancePolicy',
    raw: compliance,
    sets: [
      'assignments',
      'roleScopeTagIds',
      'scheduledActionsForRule',
      'scheduledActionConfigurations',
      'notificationMessageCCList',
    ],
  },
  {
    type: 'conditionalAccessPolicy',
    raw: conditionalAccess,
    sets: ['clientAppTypes', 'includeGroups', 'excludeUsers', 'builtInControls'],
  },
];

function shuffleUnordered(
  value: JsonObject,
  sets: readonly string[],
  numbers: Iterator<number>,
): JsonObject {
  const entries = Object.entries(value).map(([key, inner]): [string, JsonValue] => {
    const shuffled = shuffleInside(inner, sets, numbers);
    const isSet = sets.includes(key) && Array.isArray(shuffled);
    return [key, isSet ? reorder(shuffled, numbers) : shuffled];
  });
  return Object.fromEntries(reorder(entries, numbers));
}

function shuffleInside(
  value: JsonValue,
  sets: readonly string[],
  numbers: Iterator<number>,
): JsonValue {
  if (Array.isArray(value)) return value.map((element) => shuffleInside(element, sets, numbers));
  return isJsonObject(value) ? shuffleUnordered(value, sets, numbers) : value;
}

function reorder<T>(list: readonly T[], numbers: Iterator<number>): readonly T[] {
  return list
    .map((element) => ({ element, rank: numbers.next().value }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ element }) => element);
}

const DROPPED = /^(id|createdDateTime|lastModifiedDateTime|settingCount|sourceId)$|@odata\.c|^#/;

function meaningfulLeaves(value: JsonValue, path: readonly (string | number)[] = []) {
  const leaves: (readonly (string | number)[])[] = [];
  if (Array.isArray(value)) {
    value.forEach((element, index) => {
      leaves.push(...meaningfulLeaves(element, [...path, index]));
    });
  } else if (isJsonObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (!DROPPED.test(key)) leaves.push(...meaningfulLeaves(inner, [...path, key]));
    }
  } else {
    leaves.push(path);
  }
  return leaves;
}

function changeLeaf<T extends JsonValue>(root: T, path: readonly (string | number)[]): T {
  const copy = JSON.parse(JSON.stringify(root));
  let holder = copy;
  for (const key of path.slice(0, -1)) holder = holder[key];
  holder[path.at(-1) ?? ''] = 'changed by the test';
  return copy;
}
