import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connected, connect, errorOf } from '../testing/connect.ts';
import { type JsonObject, objectsOf } from '../values/json.ts';

const POLICIES = '/beta/deviceManagement/configurationPolicies';
const COMPLIANCE = '/beta/deviceManagement/deviceCompliancePolicies';
const CONFIGURATIONS = '/beta/deviceManagement/deviceConfigurations';
const ACCESS = '/beta/identity/conditionalAccess/policies';

let client: Connected;
beforeAll(async () => {
  client = await connect({ limits: 'none' });
});
afterAll(() => client.close());

const setting = (id: string) => ({
  settingInstance: {
    '@odata.type': '#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance',
    settingDefinitionId: id,
    choiceSettingValue: { value: `${id}_1`, children: [] },
  },
});
const draft = (name: string, ...ids: string[]): JsonObject => ({
  name,
  platforms: 'windows10',
  technologies: 'mdm',
  settings: ids.map(setting),
});

test('a settings catalog policy is made, replaced whole, renamed and deleted', async () => {
  const made = await client.send('POST', POLICIES, draft('New', 'a', 'b'));
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ name: 'New', settingCount: 2, roleScopeTagIds: ['0'] });
  const path = `${POLICIES}/${String(made.body['id'])}`;
  expect(made.headers.get('location')).toContain(String(made.body['id']));

  expect((await client.send('PUT', path, draft('Whole', 'c'))).status).toBe(204);
  const replaced = await client.get(path);
  expect(replaced.body).toMatchObject({
    name: 'Whole',
    settingCount: 1,
    createdDateTime: made.body['createdDateTime'],
  });
  expect((await client.readAll(`${path}/settings`)).map((one) => one['id'])).toEqual(['0']);

  const renamed = { name: 'Renamed', settingCount: 99, lastModifiedDateTime: '2000-01-01' };
  expect((await client.send('PATCH', path, renamed)).status).toBe(204);
  const patched = await client.get(path);
  expect(patched.body).toMatchObject({ name: 'Renamed', settingCount: 1 });
  expect(String(patched.body['lastModifiedDateTime']) > '2026').toBe(true);

  expect((await client.send('PATCH', path, { settings: [] })).status).toBe(400);
  expect((await client.send('PATCH', `${path}/settings/0`, {})).status).toBe(400);
  expect((await client.send('DELETE', path)).status).toBe(204);
  expect((await client.get(path)).status).toBe(404);
});

test('assign replaces the set and moves neither time nor version', async () => {
  const [before] = await client.readAll(COMPLIANCE);
  const path = `${COMPLIANCE}/${String(before?.['id'])}`;
  const toAll = (type: string) => ({ target: { '@odata.type': `#microsoft.graph.${type}` } });
  const both = [toAll('allDevicesAssignmentTarget'), toAll('allLicensedUsersAssignmentTarget')];
  expect((await client.send('POST', `${path}/assign`, { assignments: both })).status).toBe(200);
  await client.send('POST', `${path}/assign`, { assignments: both.slice(0, 1) });
  const assignments = await client.readAll(`${path}/assignments`);
  expect(assignments).toHaveLength(1);
  expect(assignments[0]).toMatchObject({
    id: `${String(before?.['id'])}_adadadad-808e-44e2-905a-0b7873a8a531`,
    source: 'direct',
    target: { deviceAndAppManagementAssignmentFilterType: 'none' },
  });
  expect((await client.get(path)).body).toMatchObject({
    version: before?.['version'],
    lastModifiedDateTime: before?.['lastModifiedDateTime'],
  });
  await client.send('POST', `${path}/assign`, { assignments: [] });
  expect(await client.readAll(`${path}/assignments`)).toEqual([]);
  const nowhere = { target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget' } };
  const refused = await client.send('POST', `${path}/assign`, { assignments: [nowhere] });
  expect(errorOf(refused).code).toBe('ModelValidationFailure');
});

test('a change of the body raises the version', async () => {
  const [before] = await client.readAll(COMPLIANCE);
  const path = `${COMPLIANCE}/${String(before?.['id'])}`;
  await client.send('PATCH', path, { bitLockerEnabled: false });
  expect((await client.get(path)).body).toMatchObject({
    bitLockerEnabled: false,
    version: Number(before?.['version']) + 1,
  });
});

test('a compliance policy needs exactly one block; an action replaces its rules', async () => {
  const rule = (...types: string[]) => ({
    ruleName: 'PasswordRequired',
    scheduledActionConfigurations: types.map((actionType) => ({ actionType, gracePeriodHours: 0 })),
  });
  const policy = {
    '@odata.type': '#microsoft.graph.windows10CompliancePolicy',
    displayName: 'Two blocks',
    scheduledActionsForRule: [rule('block', 'block')],
  };
  const refused = await client.send('POST', COMPLIANCE, policy);
  expect(errorOf(refused).message).toContain('one and only one block scheduled action');
  const one = { ...policy, scheduledActionsForRule: [rule('block')] };
  const made = await client.send('POST', COMPLIANCE, one);
  expect(made.status).toBe(201);
  const path = `${COMPLIANCE}/${String(made.body['id'])}`;
  const rules = { deviceComplianceScheduledActionForRules: [rule('block', 'retire')] };
  expect((await client.send('POST', `${path}/scheduleActionsForRules`, rules)).status).toBe(204);
  const expand = '?$expand=scheduledActionConfigurations';
  const [kept] = await client.readAll(`${path}/scheduledActionsForRule${expand}`);
  expect(objectsOf(kept?.['scheduledActionConfigurations'])).toHaveLength(2);
  expect((await client.send('POST', `${path}/assignments`, {})).status).toBe(400);
});

test('encrypted OMA-URI values are masked; the value is given by its reference only', async () => {
  const policies = await client.readAll(CONFIGURATIONS);
  const custom = policies.find(
    (policy) => policy['displayName'] === 'Windows - Custom: VPN and device tag',
  );
  const settings = objectsOf(custom?.['omaSettings']);
  expect(settings.map((one) => one['value'])).toEqual(['Reception', '****', 'PGEvPg==', 1]);
  const reference = String(settings[1]?.['secretReferenceValueId']);
  expect(reference.split('_')[1]).toBe(custom?.['id']);
  const ask = `getOmaSettingPlainTextValue(secretReferenceValueId='${reference}')`;
  const path = `${CONFIGURATIONS}/${String(custom?.['id'])}`;
  expect((await client.get(`${path}/${ask}`)).body['value']).toBe('made-up-pre-shared-key');
  expect((await client.get(`${path}/${ask.replace(reference, 'x')}`)).status).toBe(404);
  const sentBack = { '@odata.type': custom?.['@odata.type'] ?? '', omaSettings: settings };
  expect((await client.send('PATCH', path, sentBack)).status).toBe(204);
  expect((await client.get(`${path}/${ask}`)).body['value'], 'a mask wipes the secret').toBe(
    '****',
  );
  const copy = { ...custom, id: null, displayName: 'Copy' };
  expect(errorOf(await client.send('POST', CONFIGURATIONS, copy)).code).toBe('NotSupported');
});

test.each([
  [{ id: 'x' }, "1001: 'id' is a readonly field"],
  [{ templateId: null }, '1118: TemplateId is a read-only field'],
  [{ displayName: 'Half' }, '1007: '],
  [
    {
      displayName: 'Full',
      state: 'disabled',
      conditions: {},
      grantControls: { authenticationStrength: { id: 'a', displayName: 'b' } },
    },
    '1007: ',
  ],
])('Conditional Access refuses %j with a number', async (body, message) => {
  const refused = await client.send('POST', ACCESS, body);
  expect(refused.status).toBe(400);
  expect(errorOf(refused).message.startsWith(message)).toBe(true);
});

test('Conditional Access: PATCH answers 204, trusted locations are not deleted', async () => {
  const [policy] = await client.readAll(ACCESS);
  const path = `${ACCESS}/${String(policy?.['id'])}`;
  expect((await client.send('PATCH', path, { state: 'disabled' })).status).toBe(204);
  expect((await client.get(path)).body['state']).toBe('disabled');
  const locations = '/beta/identity/conditionalAccess/namedLocations';
  const offices = (await client.readAll(locations)).find((one) => one['isTrusted'] === true);
  const refused = await client.send('DELETE', `${locations}/${String(offices?.['id'])}`);
  expect(refused.status).toBe(400);
});

test('scope tags get the next number; the built-in one stays', async () => {
  const path = '/beta/deviceManagement/roleScopeTags';
  const made = await client.send('POST', path, { displayName: 'New' });
  expect([made.status, made.body['id']]).toEqual([200, '3']);
  expect((await client.send('DELETE', `${path}/0`)).status).toBe(400);
  expect((await client.send('DELETE', `${path}/3`)).status).toBe(204);
});

test('the service adds the names of a template that was sent by its id', async () => {
  const [known] = (await client.readAll(POLICIES)).filter((policy) =>
    JSON.stringify(policy['templateReference']).includes('endpointSecurity'),
  );
  const reference = known?.['templateReference'];
  const { templateId } = Object(reference);
  const sent = { ...draft('From a template', 'a'), templateReference: { templateId } };
  const made = await client.send('POST', POLICIES, sent);
  expect(made.body['templateReference']).toEqual(reference);
  const unknown = { ...sent, templateReference: { templateId: 'unheard-of' } };
  const odd = await client.send('POST', POLICIES, unknown);
  expect(odd.body['templateReference']).toEqual({ templateId: 'unheard-of' });
});
