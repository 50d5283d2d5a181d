import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connected, connect, errorOf } from '../testing/connect.ts';
import { isObject, objectsOf, textsOf } from '../values/json.ts';

const POLICIES = '/beta/deviceManagement/configurationPolicies';
let client: Connected;
beforeAll(async () => {
  client = await connect({ policies: 60 });
});
afterAll(() => client.close());

test('policies come 25 at a time whatever $top says, each one once', async () => {
  const first = await client.get(`${POLICIES}?$top=100`);
  expect(objectsOf(first.body['value'])).toHaveLength(25);
  expect(first.body['@odata.count']).toBe(25);
  const all = await client.readAll(`${POLICIES}?$top=100`);
  expect(new Set(all.map((policy) => policy['id'])).size).toBe(all.length);
  expect(all).toHaveLength(collectionSize('configurationPolicies'));
});

test('the next link leads back to the host that was called, its token encoded twice', async () => {
  const { body } = await client.get(`${POLICIES}?$select=id,name`);
  const link = String(body['@odata.nextLink']);
  expect(link.startsWith(`${client.running.url}${POLICIES}?`)).toBe(true);
  expect(link).toContain('$select=id,name');
  expect(link).toContain('$skiptoken=%255Bcosmosdb%255D');
  const rebuilt = link.replaceAll('%25', '%');
  expect((await client.get(rebuilt)).status).toBe(400);
});

test('a token of one collection is refused by another', async () => {
  const { body } = await client.get(POLICIES);
  const link = String(body['@odata.nextLink']);
  const elsewhere = link.replace('configurationPolicies', 'deviceConfigurations');
  const refused = await client.get(elsewhere);
  expect(errorOf(refused)).toEqual({
    code: 'BadRequest',
    message: 'Skip token is null or malformed.',
  });
});

test('settings: 25 a page, all of them, as many as settingCount, in any order', async () => {
  const large = (await client.readAll(POLICIES)).find(
    (policy) => Number(policy['settingCount']) > 25,
  );
  const path = `${POLICIES}/${String(large?.['id'])}/settings`;
  const first = await client.get(path);
  expect(objectsOf(first.body['value'])).toHaveLength(25);
  const settings = await client.readAll(path);
  const ids = settings.map((setting) => String(setting['id']));
  expect(new Set(ids).size).toBe(Number(large?.['settingCount']));
  expect(ids).toHaveLength(Number(large?.['settingCount']));
  const again = (await client.readAll(path)).map((setting) => String(setting['id']));
  expect(again).not.toEqual(ids);
  expect(again.toSorted()).toEqual(ids.toSorted());
});

test('two simulators with the same seed answer the same calls in the same order', async () => {
  const answers: string[] = [];
  for (const seed of [7, 7, 8]) {
    const other = await connect({ seed, policies: 40 });
    const [first] = await other.readAll(POLICIES);
    const settings = await other.readAll(`${POLICIES}/${String(first?.['id'])}/settings`);
    answers.push(settings.map((setting) => setting['id']).join());
    await other.close();
  }
  expect(answers[0]).toBe(answers[1]);
  expect(answers[0]).not.toBe(answers[2]);
});

test('the list has no settings even when asked; one policy has them when asked', async () => {
  const list = await client.get(`${POLICIES}?$expand=settings,assignments`);
  const [inList] = objectsOf(list.body['value']);
  expect(inList).not.toHaveProperty('settings');
  expect(inList).toHaveProperty('assignments');
  const id = String(inList?.['id']);
  expect((await client.get(`${POLICIES}/${id}`)).body).not.toHaveProperty('settings');
  const { body } = await client.get(`${POLICIES}/${id}?$expand=settings`);
  expect(objectsOf(body['settings'])).toHaveLength(Number(inList?.['settingCount']));
  expect(body['settings@odata.context']).toContain(`('${id}')/settings`);
});

test('a plain compliance policy lacks actions and assignments; $expand brings them', async () => {
  const path = '/beta/deviceManagement/deviceCompliancePolicies';
  const [plain] = await client.readAll(path);
  expect(plain).not.toHaveProperty('scheduledActionsForRule');
  expect(plain).not.toHaveProperty('assignments');
  const nested = 'scheduledActionsForRule($expand=scheduledActionConfigurations)';
  const [full] = await client.readAll(`${path}?$expand=assignments,${nested}`);
  const [rule] = objectsOf(full?.['scheduledActionsForRule']);
  expect(objectsOf(rule?.['scheduledActionConfigurations'])).toHaveLength(2);
  const [shallow] = await client.readAll(
    `${path}/${String(plain?.['id'])}/scheduledActionsForRule`,
  );
  expect(shallow).not.toHaveProperty('scheduledActionConfigurations');
});

test('scope tags answer an empty expansion, though they have assignments', async () => {
  const path = '/beta/deviceManagement/roleScopeTags/1';
  const groupId = groupIds()[0] ?? '';
  const target = { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId };
  await client.send('POST', `${path}/assign`, { assignments: [{ target }] });
  expect((await client.get(`${path}?$expand=assignments`)).body['assignments']).toEqual([]);
  expect(await client.readAll(`${path}/assignments`)).toHaveLength(1);
});

test('Conditional Access lists come shuffled, the same set each time', async () => {
  const path = '/v1.0/identity/conditionalAccess/policies';
  const filter = encodeURIComponent("startswith(displayName,'CA005')");
  const seen = new Set<string>();
  for (let time = 0; time < 8; time += 1) {
    const { body } = await unlimited(`${path}?$filter=${filter}`);
    const [policy] = objectsOf(body['value']);
    const platforms = isObject(policy?.['conditions']) ? policy['conditions']['platforms'] : null;
    const excluded = isObject(platforms) ? textsOf(platforms['excludePlatforms']) : [];
    expect(excluded.toSorted()).toEqual(['android', 'iOS', 'linux', 'macOS', 'windows']);
    seen.add(excluded.join());
  }
  expect(seen.size).toBeGreaterThan(1);
});

test('v1.0 lacks what is beta only: collections and properties', async () => {
  const missing = await client.get('/v1.0/deviceManagement/configurationPolicies');
  expect(missing.status).toBe(400);
  const [older] = await client.readAll('/v1.0/deviceManagement/deviceConfigurations');
  const [newer] = await client.readAll('/beta/deviceManagement/deviceConfigurations');
  expect(older).not.toHaveProperty('roleScopeTagIds');
  expect(newer).toHaveProperty('roleScopeTagIds');
});

test('groups: select, filter, page by $top with a token of the directory, get by ids', async () => {
  const two = await client.get('/v1.0/groups?$select=id,displayName&$top=2');
  expect(objectsOf(two.body['value'])).toHaveLength(2);
  expect(two.headers.get('x-ms-resource-unit')).toBe('1');
  expect(String(two.body['@odata.nextLink'])).toContain('$skiptoken=RFNwdA');
  const all = await client.readAll('/v1.0/groups?$select=id,displayName&$top=2');
  expect(
    all.map((group) => Object.keys(group).join()).every((keys) => keys === 'id,displayName'),
  ).toBe(true);
  expect(all).toHaveLength(collectionSize('groups'));
  const ids = [...groupIds().slice(0, 3), '00000000-0000-4000-8000-000000000000'];
  const got = await client.send('POST', '/v1.0/directoryObjects/getByIds', { ids });
  expect(objectsOf(got.body['value']).map((group) => group['id'])).toEqual(ids.slice(0, 3));
});

test.each([
  ['/beta/deviceManagement/nothing', 400, 'No method match route template'],
  [`${POLICIES}/00000000-0000-4000-8000-000000000000`, 404, 'ResourceNotFound'],
  ['/beta/groups/00000000-0000-4000-8000-000000000000', 404, 'Request_ResourceNotFound'],
  ['/beta/nothing', 400, 'BadRequest'],
  [`${POLICIES}?$orderby=name`, 400, 'BadRequest'],
  [`${POLICIES}?$filter=name`, 400, 'BadRequest'],
  [`${POLICIES}?$expand=asignments`, 400, 'BadRequest'],
  [`${POLICIES}?$skiptoken=%&%zz=%`, 400, 'BadRequest'],
  ['/beta/%zz/%', 400, 'BadRequest'],
  ['/beta', 400, 'BadRequest'],
])('%s is answered %s %s with ids for support', async (path, status, code) => {
  const reply = await client.get(path);
  expect(reply.status).toBe(status);
  expect(errorOf(reply).code).toBe(code);
  const error = reply.body['error'];
  expect(isObject(error) ? error['innerError'] : null).toMatchObject({
    'request-id': reply.headers.get('request-id'),
  });
});

test('an error of Intune carries JSON in its message', async () => {
  const reply = await client.get(`${POLICIES}/00000000-0000-4000-8000-000000000000`);
  const inner: unknown = JSON.parse(errorOf(reply).message);
  expect(inner).toMatchObject({ _version: 3, Message: expect.stringContaining('Activity ID: ') });
});

function collectionSize(name: string): number {
  return client.tenant.collections.get(name)?.objects.size ?? 0;
}

function groupIds(): string[] {
  return [...(client.tenant.collections.get('groups')?.objects.values() ?? [])].map(
    (stored) => stored.id,
  );
}

/** Conditional Access allows one call a second; the order is not about that. */
async function unlimited(path: string) {
  lenient ??= await connect({ limits: 'none' });
  return lenient.get(path);
}
let lenient: Connected | undefined;
afterAll(() => lenient?.close());
