import { expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import { newGroupId } from './new-groups.ts';
import { findReferences, mapReferences } from './references.ts';

const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const B = 'bbbbbbbb-0000-4000-8000-000000000002';
const C = 'cccccccc-0000-4000-8000-000000000003';
const NEW_A = 'dddddddd-0000-4000-8000-000000000004';
const NONE = '00000000-0000-0000-0000-000000000000';

const everybody = { target: { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' } };

test('ids are found with what they stand for; words and shared ids are not', () => {
  const body = {
    conditions: {
      users: {
        includeUsers: ['All'],
        excludeGroups: [A],
        includeRoles: ['62e90394-69f5-4237-9190-012177145e10'],
      },
      applications: { includeApplications: ['Office365', B] },
      locations: { includeLocations: ['AllTrusted', NONE, C] },
    },
    grantControls: {
      authenticationStrength: { id: '00000000-0000-0000-0000-000000000004' },
      termsOfUse: [A],
    },
  };
  expect(findReferences('conditionalAccessPolicy', body)).toEqual([
    { to: 'group', at: 'conditions.users.excludeGroups[]', id: A, excludes: true },
    { to: 'application', at: 'conditions.applications.includeApplications[]', id: B },
    { to: 'namedLocation', at: 'conditions.locations.includeLocations[]', id: C },
    { to: 'termsOfUse', at: 'grantControls.termsOfUse[]', id: A },
  ]);
});

test('a filter, a tag and a group of an assignment are found, each once', () => {
  const body = policy(toGroup(A, B), toGroup(A, B));
  expect(findReferences('configurationPolicy', { ...body, roleScopeTagIds: ['0', '3'] })).toEqual([
    {
      to: 'assignmentFilter',
      at: 'assignments[].target.deviceAndAppManagementAssignmentFilterId',
      id: B,
    },
    { to: 'group', at: 'assignments[].target.groupId', id: A },
    { to: 'roleScopeTag', at: 'roleScopeTagIds[]', id: '3' },
  ]);
});

test('only a setting that refers to a reusable one holds an id', () => {
  const setting = (type: string, value: string) => ({
    settingInstance: { simpleSettingValue: { '@odata.type': `#microsoft.graph.${type}`, value } },
  });
  const body = {
    settings: [
      setting('deviceManagementConfigurationStringSettingValue', A),
      setting('deviceManagementConfigurationReferenceSettingValue', B),
    ],
  };
  expect(findReferences('configurationPolicy', body)).toMatchObject([
    { to: 'reusablePolicySetting', id: B },
  ]);
  expect(mapReferences('configurationPolicy', body, new Map()).mayBeWritten).toBe(false);
});

test('mapped ids take their places, sorted anew, and two that became one are one', () => {
  const body = { ...policy(toGroup(A), toGroup(B)), roleScopeTagIds: ['0', '3', '4'] };
  const mapped = mapReferences(
    'configurationPolicy',
    body,
    new Map([
      [`group:${A}`, NEW_A],
      [`group:${B}`, NEW_A],
      ['roleScopeTag:3', '9'],
      ['roleScopeTag:4', '1'],
    ]),
  );
  expect(mapped).toEqual({
    body: { ...policy(toGroup(NEW_A)), roleScopeTagIds: ['0', '1', '9'] },
    unmapped: [],
    mayBeWritten: true,
    assignments: 'whole',
  });
});

test.each<[string, JsonObject[], JsonObject[] | undefined, string]>([
  ['a group leaves out its assignment', [toGroup(A), toGroup(B)], [toGroup(B)], 'reduced'],
  ['a filter leaves out its assignment', [toGroup(B, A), everybody], [everybody], 'reduced'],
  // Without the exclusion, group A would be reached.
  ['an exclusion leaves out all', [everybody, butNot(A)], undefined, 'left_out'],
  ['the only inclusion leaves out all', [toGroup(A), butNot(B)], undefined, 'left_out'],
  ['the only group leaves out all', [toGroup(A)], undefined, 'left_out'],
  ['none of them leaves out nothing', [toGroup(B), butNot(B)], undefined, 'whole'],
])('the lack of %s', (_, assignments, expected, word) => {
  const mapping = new Map([
    [`group:${A}`, null],
    [`group:${B}`, B],
  ]);
  const mapped = mapReferences('configurationPolicy', policy(...assignments), mapping);
  expect(mapped.assignments).toBe(word);
  if (word === 'whole') expect(mapped.body['assignments']).toHaveLength(assignments.length);
  else expect(mapped.body['assignments']).toEqual(expected);
  expect(mapped.mayBeWritten).toBe(true);
});

test('a policy assigned to nobody stays so', () => {
  const mapped = mapReferences('configurationPolicy', policy(), new Map());
  expect(mapped).toMatchObject({ assignments: 'whole', body: { assignments: [] } });
});

test('without any of its scope tags a body speaks of none', () => {
  const body = { roleScopeTagIds: ['3'] };
  const mapped = mapReferences('deviceConfiguration', body, new Map());
  expect(mapped.body).toEqual({});
  expect(mapped.unmapped).toEqual([
    { to: 'roleScopeTag', at: 'roleScopeTagIds[]', id: '3', leavesOut: 'property' },
  ]);
  const both = { roleScopeTagIds: ['0', '3'] };
  expect(mapReferences('deviceConfiguration', both, new Map()).body).toEqual({
    roleScopeTagIds: ['0'],
  });
});

test('a notification without its template is left out alone, the block stays', () => {
  const block = {
    actionType: 'block',
    notificationTemplateId: NONE,
    notificationMessageCCList: [],
  };
  const rule = (...scheduledActionConfigurations: JsonObject[]) => ({
    scheduledActionsForRule: [{ ruleName: null, scheduledActionConfigurations }],
  });
  const mail = { ...block, actionType: 'notification', notificationTemplateId: A };
  const copied = { ...block, notificationMessageCCList: [B] };
  const mapped = mapReferences('deviceCompliancePolicy', rule(copied, mail), new Map());
  expect(mapped.body).toEqual(rule(block));
  expect(mapped.unmapped.map(({ leavesOut }) => leavesOut)).toEqual(['value', 'element']);
});

test.each(['excludeGroups', 'includeGroups', 'excludeUsers'])(
  'Conditional Access that lacks one of %s is not written at all',
  (list) => {
    const body = { conditions: { users: { includeUsers: [], [list]: [A] } } };
    expect(mapReferences('conditionalAccessPolicy', body, new Map()).mayBeWritten).toBe(false);
    const kind = list.endsWith('Users') ? 'user' : 'group';
    const mapping = new Map([[`${kind}:${A}`, NEW_A]]);
    const mapped = mapReferences('conditionalAccessPolicy', body, mapping);
    expect(mapped).toMatchObject({
      mayBeWritten: true,
      body: { conditions: { users: { [list]: [NEW_A] } } },
    });
  },
);

test('a group that would be new and empty is assigned to, and excludes nobody', () => {
  const mapping = new Map([
    [`group:${A}`, newGroupId(A)],
    [`group:${B}`, B],
  ]);
  const map = (...assignments: JsonObject[]) =>
    mapReferences('configurationPolicy', policy(...assignments), mapping);
  const included = map(toGroup(A), butNot(B));
  expect(included).toMatchObject({ assignments: 'whole', unmapped: [] });
  expect(JSON.stringify(included.body)).toContain(newGroupId(A));
  const excluded = map(everybody, butNot(A));
  expect(excluded).toMatchObject({
    assignments: 'left_out',
    unmapped: [{ id: A, excludes: true, isToNewGroup: true, leavesOut: 'element' }],
  });
  expect(JSON.stringify(excluded.body)).not.toContain(newGroupId(A));
});

test.each([
  ['includeGroups', true],
  ['excludeGroups', false],
])('Conditional Access with a new group among %s may be written: %s', (list, mayBeWritten) => {
  const body = { conditions: { users: { includeUsers: ['All'], [list]: [A] } } };
  const mapping = new Map([[`group:${A}`, newGroupId(A)]]);
  expect(mapReferences('conditionalAccessPolicy', body, mapping)).toMatchObject({ mayBeWritten });
});

function policy(...assignments: JsonObject[]): JsonObject {
  return { name: 'P', assignments };
}

function toGroup(groupId: string, filterId: string | null = null): JsonObject {
  return {
    target: {
      '@odata.type': '#microsoft.graph.groupAssignmentTarget',
      deviceAndAppManagementAssignmentFilterId: filterId,
      groupId,
    },
  };
}

function butNot(groupId: string): JsonObject {
  return { target: { '@odata.type': '#microsoft.graph.exclusionGroupAssignmentTarget', groupId } };
}
