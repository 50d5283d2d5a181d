import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCallLog } from '../log/call-log.ts';
import { type Connected, connect } from '../testing/connect.ts';
import { isObject, type JsonObject, objectsOf } from '../values/json.ts';

const BITLOCKER = 'Windows - BitLocker disk encryption';
let client: Connected;
beforeEach(async () => {
  client = await connect();
});
afterEach(() => client.close());

async function rowNamed(kind: string, name: string): Promise<JsonObject> {
  const { body } = await client.control('GET', `objects/${client.tenant.id}/${kind}?full=1`);
  const row = objectsOf(body['objects']).find((one) => one['name'] === name);
  if (row === undefined) throw new Error(`no ${name}`);
  return row;
}

test('the tenants page gives what is needed to sign in, and counts', async () => {
  const { body } = await client.control('GET', 'tenants');
  const [first] = objectsOf(body['tenants']);
  expect(first).toMatchObject({
    id: client.tenant.id,
    name: 'Northwind Clinics',
    clientId: client.tenant.apps.read.clientId,
    clientSecret: client.tenant.apps.read.clientSecret,
    writeClientId: client.tenant.apps.write.clientId,
    writeClientSecret: client.tenant.apps.write.clientSecret,
    objects: { configurationPolicies: 22, conditionalAccessPolicies: 7, groups: 10 },
  });
  expect(objectsOf(body['tenants'])).toHaveLength(3);
});

test('the log has every call in order, can be filtered and cleared', async () => {
  await client.get('/beta/groups?$top=1');
  await client.get('/beta/nothing');
  const entries = objectsOf((await client.control('GET', 'log')).body['entries']);
  expect(entries.map((one) => [one['status'], one['bucket'], one['method']])).toEqual([
    [200, 'signIn', 'POST'],
    [200, 'directory', 'GET'],
    [400, 'unknown', 'GET'],
  ]);
  expect(entries[1]).toMatchObject({ path: '/beta/groups?$top=1', tenantId: client.tenant.id });
  const since = `log?since=${String(entries[1]?.['seq'])}&tenant=${client.tenant.id}`;
  expect(objectsOf((await client.control('GET', since)).body['entries'])).toHaveLength(1);
  expect((await client.control('GET', 'log?tenant=nobody')).status).toBe(404);
  await client.control('DELETE', 'log');
  expect((await client.control('GET', 'log')).body).toEqual({ dropped: 0, entries: [] });
});

test('the log keeps the newest and says how many it dropped', () => {
  const log = createCallLog(10);
  const entry = {
    tenantId: null,
    appId: null,
    method: 'GET',
    path: '/',
    bucket: null,
    batchOf: null,
    clientRequestId: '',
  };
  for (let call = 0; call < 25; call += 1) log.finish(log.begin(entry));
  const { dropped, entries } = log.read(0, undefined);
  expect(entries.at(-1)?.seq).toBe(25);
  expect(dropped + entries.length).toBe(25);
  expect(entries.length).toBeLessThanOrEqual(11);
});

test('an admin switches off an encryption setting: Graph answers the change', async () => {
  const row = await rowNamed('configurationPolicies', BITLOCKER);
  const before = isObject(row['object']) ? row['object'] : {};
  const [first, ...others] = objectsOf(before['settings']);
  const id = 'device_vendor_msft_bitlocker_requiredeviceencryption';
  expect(JSON.stringify(first)).toContain(`"${id}_1"`);
  const off: JsonObject = JSON.parse(JSON.stringify(first).replace(`${id}_1`, `${id}_0`));
  const page = `objects/${client.tenant.id}/configurationPolicies/${String(row['id'])}`;
  const edited = await client.control('PATCH', page, { settings: [off, ...others] });
  expect(edited.status).toBe(200);
  const path = `/beta/deviceManagement/configurationPolicies/${String(row['id'])}`;
  const settings = await client.readAll(`${path}/settings`);
  expect(JSON.stringify(settings)).toContain(`"${id}_0"`);
  const now = (await client.get(path)).body;
  expect(now['settingCount']).toBe(before['settingCount']);
  expect(now['lastModifiedDateTime']).not.toBe(before['lastModifiedDateTime']);
});

test('an admin widens an assignment, deletes and makes a policy; none is logged', async () => {
  await client.control('DELETE', 'log');
  const row = await rowNamed('deviceCompliancePolicies', 'Windows - Compliance');
  const page = `objects/${client.tenant.name}/deviceCompliancePolicies/${String(row['id'])}`;
  const target = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' };
  await client.control('PATCH', page, { assignments: [{ id: 'a', target }] });
  const object = (await rowNamed('deviceCompliancePolicies', 'Windows - Compliance'))['object'];
  expect(isObject(object) ? object['assignments'] : null).toEqual([{ id: 'a', target }]);
  expect(isObject(object) ? object['version'] : null).toBe(2);
  expect((await client.control('DELETE', page)).status).toBe(200);
  expect((await client.control('GET', page)).status).toBe(404);
  expect((await client.control('POST', page, { displayName: 'Back' })).status).toBe(201);
  expect((await client.control('POST', page, {})).status).toBe(409);
  expect((await client.control('GET', 'log')).body['entries']).toEqual([]);
});

test.each([
  ['GET', 'nothing', 404],
  ['GET', 'objects/nobody/groups', 404],
  ['GET', 'objects/Northwind%20Clinics/nothing', 404],
  ['PUT', 'faults', 405],
  ['POST', 'log', 405],
])('%s %s is answered %i in plain words', async (method, page, status) => {
  const reply = await client.control(method, page);
  expect(reply.status).toBe(status);
  expect(reply.body['error']).toMatchObject({ message: expect.any(String) });
});
