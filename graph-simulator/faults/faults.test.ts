import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Connected, connect, errorOf, postForm } from '../testing/connect.ts';
import { type JsonObject, objectsOf } from '../values/json.ts';

const POLICIES = '/beta/deviceManagement/configurationPolicies';
const FILTERS = '/beta/deviceManagement/assignmentFilters';
const filter = { displayName: 'Made', platform: 'iOS', rule: '(device.model -eq "x")' };
let client: Connected;
beforeEach(async () => {
  client = await connect();
});
afterEach(() => client.close());

const filterNames = async () =>
  (await client.readAll(FILTERS)).map((one) => String(one['displayName']));

test('a rule skips, strikes as often as it says, and is over', async () => {
  const match = { method: 'get', path: 'configurationPolicies$' };
  await client.arm({ match, skip: 1, times: 2, fault: { kind: 'status', status: 503 } });
  const statuses: number[] = [];
  for (let time = 0; time < 4; time += 1) statuses.push((await client.get(POLICIES)).status);
  expect(statuses).toEqual([200, 503, 503, 200]);
  const { body } = await client.control('GET', 'faults');
  expect(objectsOf(body['faults'])[0]).toMatchObject({ seen: 4, hits: 2, remaining: 0 });
});

test('sign-in goes wrong only by a rule that names it, also when asked with a query', async () => {
  await client.arm({ times: 'always', fault: { kind: 'status', status: 500 } });
  const { running, tenant } = client;
  const address = `${running.url}/${tenant.id}/oauth2/v2.0/token?client-request-id=x`;
  expect((await postForm(address, {})).status).not.toBe(500);
  await client.arm({ match: { path: 'oauth2' }, fault: { kind: 'status', status: 503 } });
  expect((await postForm(address, {})).status).toBe(503);
});

test('rules match by tenant and by being in a batch', async () => {
  const other = client.running.simulator.world.tenants[1];
  const fault = { kind: 'status', status: 500 };
  await client.arm({ match: { tenant: other?.id ?? '' }, times: 'always', fault });
  await client.arm({ match: { batched: true }, times: 'always', fault });
  expect((await client.get(POLICIES)).status).toBe(200);
  const batch = { requests: [{ id: '1', method: 'GET', url: 'groups' }] };
  const reply = await client.send('POST', '/beta/$batch', batch);
  expect(objectsOf(reply.body['responses'])[0]?.['status']).toBe(500);
});

test('a status comes with its code and Retry-After, and nothing is executed', async () => {
  const fault = { kind: 'status', status: 503, code: 'serviceDown', retryAfter: 3 };
  await client.arm({ fault });
  const reply = await client.send('POST', FILTERS, filter);
  expect([reply.status, errorOf(reply).code]).toEqual([503, 'serviceDown']);
  expect(reply.headers.get('retry-after')).toBe('3');
  expect(await filterNames()).not.toContain('Made');
});

test.each([
  ['reset', 0],
  ['executedThenReset', 1],
  ['resetMidBody', 1],
  ['malformedJson', 1],
])('%s: the client gets no usable answer; executed: %i', async (kind, executed) => {
  await client.arm({ match: { method: 'POST' }, fault: { kind } });
  await expect(client.send('POST', FILTERS, filter)).rejects.toThrow();
  const names = await filterNames();
  expect(names.filter((name) => name === 'Made')).toHaveLength(executed);
});

test('executed, but answered 504', async () => {
  await client.arm({
    match: { method: 'POST' },
    fault: { kind: 'executedThenStatus', status: 504 },
  });
  expect((await client.send('POST', FILTERS, filter)).status).toBe(504);
  expect(await filterNames()).toContain('Made');
});

test('a half page lacks elements and hides that there is more', async () => {
  const full = await connect({ policies: 10 });
  const whole = await full.get(POLICIES);
  expect(whole.body).toHaveProperty('@odata.nextLink');
  await full.arm({ match: { path: 'configurationPolicies' }, fault: { kind: 'halfPage' } });
  const half = await full.get(POLICIES);
  expect(half.body).not.toHaveProperty('@odata.nextLink');
  expect(objectsOf(half.body['value'])).toHaveLength(12);
  await full.close();
});

test('a wrong settingCount, in the list and by id', async () => {
  const fault = { kind: 'wrongSettingCount', delta: 2 };
  const right = (await client.readAll(POLICIES)).map((one) => Number(one['settingCount']));
  await client.arm({ times: 2, fault });
  const wrong = objectsOf((await client.get(POLICIES)).body['value']);
  expect(wrong.map((one) => Number(one['settingCount']) - 2)).toEqual(right.slice(0, wrong.length));
  const one = await client.get(`${POLICIES}/${String(wrong[0]?.['id'])}`);
  expect(one.body['settingCount']).toBe((right[0] ?? 0) + 2);
});

test('not permitted and not licensed, in the words of each family', async () => {
  const access = '/beta/identity/conditionalAccess/policies';
  const codes: [number, string][] = [];
  for (const kind of ['notPermitted', 'notLicensed']) {
    for (const path of [POLICIES, access, '/beta/groups']) {
      await client.arm({ match: { path: path.slice(6) }, fault: { kind } });
      const reply = await client.get(path);
      if (reply.status !== 429) codes.push([reply.status, errorOf(reply).code]);
    }
  }
  expect(codes).toEqual([
    [403, 'Forbidden'],
    [403, 'AccessDenied'],
    [403, 'Authorization_RequestDenied'],
    [400, 'BadRequest'],
    [403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant'],
  ]);
});

test('a chance strikes its share, and the same requests again with the same seed', async () => {
  const match = { method: 'GET', path: 'assignmentFilters$' };
  const fault = { kind: 'status', status: 503 } as const;
  const strikes = async ({ get, arm }: Connected) => {
    await arm({ match, times: 'always', chance: 0.3, fault });
    const statuses: number[] = [];
    for (let time = 0; time < 60; time += 1) statuses.push((await get(FILTERS)).status);
    return statuses;
  };
  const struck = await strikes(client);
  expect(struck.filter((status) => status === 503).length).toBeGreaterThan(8);
  expect(struck.filter((status) => status === 200).length).toBeGreaterThan(25);
  const again = await connect();
  expect(await strikes(again)).toEqual(struck);
  await again.close();
});

test('what was made may be hidden for a while and its answer be lost as well', async () => {
  const match = { method: 'POST', path: 'assignmentFilters' };
  await client.arm({ match, fault: { kind: 'visibleAfter', getMs: 600, listMs: 600 } });
  await client.arm({ match, fault: { kind: 'executedThenStatus', status: 504 } });
  expect((await client.send('POST', FILTERS, filter)).status).toBe(504);
  expect(await filterNames()).not.toContain('Made');
  await expect.poll(filterNames, { timeout: 5_000 }).toContain('Made');
});

test('what was made shows up later, by id and in the list', async () => {
  const fault = { kind: 'visibleAfter', getMs: 700, listMs: 1800 };
  await client.arm({ match: { method: 'POST', path: 'assignmentFilters' }, fault });
  const made = await client.send('POST', FILTERS, filter);
  expect(made.status).toBe(201);
  const path = `${FILTERS}/${String(made.body['id'])}`;
  expect((await client.get(path)).status).toBe(404);
  await expect.poll(async () => (await client.get(path)).status, { timeout: 10_000 }).toBe(200);
  expect(await filterNames()).not.toContain('Made');
  await expect.poll(filterNames, { timeout: 10_000 }).toContain('Made');
});

test('a delay goes together with another fault', async () => {
  await client.arm({ fault: { kind: 'delay', ms: 120 } });
  await client.arm({ fault: { kind: 'status', status: 502 } });
  const begun = performance.now();
  expect((await client.get(POLICIES)).status).toBe(502);
  expect(performance.now() - begun).toBeGreaterThan(100);
});

test('a hanging call is never answered; the log shows it', async () => {
  await client.arm({ match: { path: 'groups' }, fault: { kind: 'hang' } });
  const hanging = client.get('/beta/groups');
  const lastFault = async () => {
    const { body } = await client.control('GET', 'log');
    return objectsOf(body['entries']).at(-1)?.['fault'];
  };
  await expect.poll(lastFault, { timeout: 10_000 }).toBe('hang');
  await client.running.close();
  await expect(hanging).rejects.toThrow();
});

test.each<[JsonObject | JsonObject[], RegExp]>([
  [{ fault: { kind: 'quake' } }, /fault\.kind/],
  [{ fault: { kind: 'status' } }, /fault\.status/],
  [{ match: { path: '(' }, fault: { kind: 'reset' } }, /not a regular expression/],
  [{ times: 0, fault: { kind: 'reset' } }, /times/],
  [{ when: 'now', fault: { kind: 'reset' } }, /Unrecognized key/],
  [[{ fault: { kind: 'reset' } }, { fault: {} }], /rule 1/],
])('%j is refused with its reason, and nothing is armed', async (rule, reason) => {
  const reply = await client.control('POST', 'faults', rule);
  expect(reply.status).toBe(400);
  expect(errorOf(reply).message).toMatch(reason);
  expect((await client.control('GET', 'faults')).body['faults']).toEqual([]);
});
