import { expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import {
  CONTRACTS_VERSION,
  isDefaultObject,
  planCreate,
  planUpdate,
  restoreModeOf,
  versionOf,
  type WriteChoices,
} from './plan-steps.ts';

const CHOICES: WriteChoices = {
  withAssignments: true,
  namePrefix: '',
  conditionalAccessState: 'disabled',
};
const ALL_DEVICES = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' };
const ASSIGNED = { source: 'direct', target: ALL_DEVICES };
const BLOCK = { actionType: 'block', gracePeriodHours: 0 };

const CATALOG: JsonObject = {
  name: 'BitLocker',
  description: '',
  platforms: 'windows10',
  technologies: 'mdm',
  creationSource: null,
  priorityMetaData: null,
  roleScopeTagIds: ['0'],
  templateReference: {
    templateId: 'e8c053d6_1',
    templateFamily: 'endpointSecurityDiskEncryption',
    templateDisplayName: 'BitLocker',
    templateDisplayVersion: 'Version 1',
  },
  settings: [{ settingInstance: { settingDefinitionId: 'a', simpleSettingValue: { value: 1 } } }],
  assignments: [ASSIGNED],
};
const COMPLIANCE: JsonObject = {
  '@odata.type': '#microsoft.graph.windows10CompliancePolicy',
  displayName: 'Windows',
  passwordRequired: true,
  osMinimumVersion: '10.0',
  scheduledActionsForRule: [{ ruleName: null, scheduledActionConfigurations: [BLOCK] }],
  assignments: [],
};
const ACCESS: JsonObject = {
  displayName: 'Require MFA',
  state: 'enabled',
  templateId: null,
  conditions: { users: { includeUsers: ['All'] } },
  grantControls: {
    operator: 'OR',
    authenticationStrength: { id: 's', displayName: 'Strong', allowedCombinations: ['fido2'] },
  },
  sessionControls: { signInFrequency: { value: 1 }, cloudAppSecurity: null },
};

test('a settings catalog policy is made with its settings and template, then assigned', () => {
  const [create, assign, ...more] = planCreate('configurationPolicy', CATALOG, CHOICES);
  expect(create).toEqual({
    name: 'create',
    method: 'POST',
    path: '/deviceManagement/configurationPolicies',
    isCreate: true,
    body: {
      name: 'BitLocker',
      description: '',
      platforms: 'windows10',
      technologies: 'mdm',
      roleScopeTagIds: ['0'],
      templateReference: { templateId: 'e8c053d6_1' },
      settings: CATALOG['settings'],
    },
  });
  expect(assign).toEqual({
    name: 'assign',
    method: 'POST',
    path: '/deviceManagement/configurationPolicies/{id}/assign',
    isCreate: false,
    body: { assignments: [{ target: ALL_DEVICES }] },
  });
  expect(more).toEqual([]);
});

test('its update is a whole PUT that keeps what is fixed and what the version did not know', () => {
  const live = { ...CATALOG, settings: [], newer: true, technologies: 'mdm,linux' };
  const [replace, ...more] = planUpdate('configurationPolicy', live, CATALOG, CHOICES);
  expect(replace).toMatchObject({
    name: 'replace',
    method: 'PUT',
    path: '/deviceManagement/configurationPolicies/{id}',
    body: { settings: CATALOG['settings'], newer: true, technologies: 'mdm,linux' },
  });
  expect(replace?.body).not.toHaveProperty('assignments');
  expect(more).toEqual([]);
});

test('nothing is written when only read-only fields, or nothing, differ', () => {
  const live = { ...CATALOG, creationSource: 'x', priorityMetaData: {}, assignments: [ASSIGNED] };
  expect(planUpdate('configurationPolicy', live, CATALOG, CHOICES)).toEqual([]);
});

test('only assignments differ: only they are written, the empty set included', () => {
  const saved = { ...CATALOG, assignments: [] };
  expect(planUpdate('configurationPolicy', CATALOG, saved, CHOICES)).toMatchObject([
    { name: 'assign', body: { assignments: [] } },
  ]);
});

test.each<[string, JsonObject, Partial<WriteChoices>]>([
  ['that shall not be restored', CATALOG, { withAssignments: false }],
  ['that the saved body does not speak of', { ...CATALOG, assignments: null }, {}],
])('assignments %s stay as they are', (_, saved, choices) => {
  const live = { ...CATALOG, assignments: [] };
  const chosen = { ...CHOICES, ...choices };
  const { assignments, ...unspoken } = saved;
  const body = assignments === null ? unspoken : saved;
  expect(planUpdate('configurationPolicy', live, body, chosen)).toEqual([]);
  expect(planCreate('configurationPolicy', body, chosen)).toHaveLength(1);
});

test('what a policy set assigned is not assigned by hand', () => {
  const fromSet = { source: 'policySets', sourceId: 's', target: ALL_DEVICES };
  const saved = { ...CATALOG, assignments: [fromSet] };
  expect(planCreate('configurationPolicy', saved, CHOICES)).toHaveLength(1);
});

test('the prefix is for what is created', () => {
  const choices = { ...CHOICES, namePrefix: 'Restored - ' };
  const [create] = planCreate('configurationPolicy', CATALOG, choices);
  expect(create?.body).toMatchObject({ name: 'Restored - BitLocker' });
  expect(planUpdate('configurationPolicy', CATALOG, CATALOG, choices)).toEqual([]);
});

test('compliance: made with its actions, changed by PATCH and an action of its own', () => {
  const [create, ...more] = planCreate('deviceCompliancePolicy', COMPLIANCE, CHOICES);
  expect(create?.body).toHaveProperty('scheduledActionsForRule');
  expect(more).toEqual([]);
  const live = {
    ...COMPLIANCE,
    passwordRequired: false,
    scheduledActionsForRule: [
      { ruleName: null, scheduledActionConfigurations: [{ ...BLOCK, gracePeriodHours: 24 }] },
    ],
  };
  expect(planUpdate('deviceCompliancePolicy', live, COMPLIANCE, CHOICES)).toEqual([
    {
      name: 'update',
      method: 'PATCH',
      path: '/deviceManagement/deviceCompliancePolicies/{id}',
      body: { '@odata.type': COMPLIANCE['@odata.type'], passwordRequired: true },
      isCreate: false,
    },
    {
      name: 'schedule_actions',
      method: 'POST',
      path: '/deviceManagement/deviceCompliancePolicies/{id}/scheduleActionsForRules',
      body: { deviceComplianceScheduledActionForRules: COMPLIANCE['scheduledActionsForRule'] },
      isCreate: false,
    },
  ]);
});

test('Linux compliance: its actions are set after it was made', () => {
  const steps = planCreate('compliancePolicy', { ...CATALOG, ...COMPLIANCE }, CHOICES);
  expect(steps.map(({ path }) => path.split('/').at(-1))).toEqual([
    'compliancePolicies',
    'setScheduledActions',
  ]);
  expect(steps[0]?.body).not.toHaveProperty('scheduledActionsForRule');
});

test('a profile is updated without what Graph refuses, and leaves its hidden secret alone', () => {
  const saved = {
    '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
    displayName: 'OMA',
    supportsScopeTags: true,
    qualityUpdatesWillBeRolledBack: false,
    omaSettings: [{ omaUri: './x', isEncrypted: true, secretReferenceValueId: 'a_b_c' }],
  };
  const live = { ...saved, displayName: 'Other', qualityUpdatesWillBeRolledBack: true };
  expect(planUpdate('deviceConfiguration', live, saved, CHOICES)[0]?.body).toEqual({
    '@odata.type': saved['@odata.type'],
    displayName: 'OMA',
  });
  const [create] = planCreate('deviceConfiguration', saved, CHOICES);
  expect(create?.body['omaSettings']).toEqual([{ omaUri: './x', isEncrypted: true }]);
  expect(create?.body).not.toHaveProperty('supportsScopeTags');
});

test('Conditional Access is made without what Graph refuses', () => {
  const [create] = planCreate('conditionalAccessPolicy', ACCESS, CHOICES);
  expect(create?.body).toEqual({
    displayName: 'Require MFA',
    state: 'disabled',
    conditions: ACCESS['conditions'],
    grantControls: { operator: 'OR', authenticationStrength: { id: 's' } },
    sessionControls: { signInFrequency: { value: 1 } },
  });
});

test('an empty session control is sent where it clears a live one', () => {
  const live = { ...ACCESS, sessionControls: { signInFrequency: null, cloudAppSecurity: {} } };
  const [update] = planUpdate('conditionalAccessPolicy', live, ACCESS, CHOICES);
  expect(update?.body).toEqual({
    sessionControls: { signInFrequency: { value: 1 }, cloudAppSecurity: null },
  });
});

const REPORT = 'enabledForReportingButNotEnabled';

test.each<[WriteChoices['conditionalAccessState'], string, string]>([
  ['disabled', 'enabled', 'disabled'],
  ['reportOnly', 'enabled', REPORT],
  ['reportOnly', 'disabled', REPORT],
  ['asSaved', 'enabled', 'enabled'],
])('created %s from %s: %s', (conditionalAccessState, state, expected) => {
  const choices = { ...CHOICES, conditionalAccessState };
  const [create] = planCreate('conditionalAccessPolicy', { ...ACCESS, state }, choices);
  expect(create?.body['state']).toBe(expected);
});

test.each<[WriteChoices['conditionalAccessState'], string, string, string | undefined]>([
  // An update never switches on what was not chosen to be on ...
  ['disabled', 'disabled', 'enabled', undefined],
  ['reportOnly', 'disabled', 'enabled', REPORT],
  ['disabled', REPORT, 'enabled', undefined],
  ['asSaved', 'disabled', 'enabled', 'enabled'],
  // ... and never off what was on when it was saved.
  ['disabled', 'enabled', 'enabled', undefined],
  ['disabled', 'enabled', REPORT, REPORT],
  ['disabled', 'enabled', 'disabled', 'disabled'],
  ['disabled', 'disabled', 'a state of tomorrow', undefined],
])('updated %s, live %s, saved %s: %s', (conditionalAccessState, before, saved, expected) => {
  const steps = planUpdate(
    'conditionalAccessPolicy',
    { ...ACCESS, state: before },
    { ...ACCESS, state: saved },
    { ...CHOICES, conditionalAccessState },
  );
  expect(steps[0]?.body['state']).toBe(expected);
});

test("a filter's platform is never sent to a match", () => {
  const saved = { displayName: 'F', platform: 'iOS', rule: 'a', roleScopeTags: ['0'] };
  const live = { ...saved, platform: 'macOS', rule: 'b' };
  expect(planUpdate('assignmentFilter', live, saved, CHOICES)[0]?.body).toEqual({ rule: 'a' });
});

test('the built-in scope tag is updated, never created', () => {
  const saved = { displayName: 'Default', isBuiltIn: true, assignments: [] };
  expect(isDefaultObject('roleScopeTag', saved)).toBe(true);
  expect(planCreate('roleScopeTag', saved, CHOICES)).toEqual([]);
  const live = { ...saved, displayName: 'Renamed' };
  expect(planUpdate('roleScopeTag', live, saved, CHOICES)).toHaveLength(1);
  expect(isDefaultObject('namedLocation', saved)).toBe(false);
});

test('what a plan was made by has a name that any change of it changes', () => {
  expect(CONTRACTS_VERSION).toMatch(/^[0-9a-f]{64}$/);
  expect(versionOf([{ a: 1, b: 2 }])).toBe(versionOf([{ b: 2, a: 1 }]));
  expect(versionOf([{ a: 1 }])).not.toBe(versionOf([{ a: 2 }]));
  expect(restoreModeOf('conditionalAccessPolicy')).toMatchObject({ mode: 'full', risk: 'high' });
});
