import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Connected, connect, errorOf } from '../testing/connect.ts';
import { isObject, type JsonObject, objectsOf } from '../values/json.ts';

const POLICIES = '/deviceManagement/configurationPolicies';
let client: Connected;
beforeEach(async () => {
  client = await connect({ policies: 40 });
});
afterEach(() => client.close());

const read = (id: string, url: string, more: JsonObject = {}): JsonObject => ({
  id,
  method: 'GET',
  url,
  ...more,
});
const batch = (...requests: JsonObject[]) => client.send('POST', '/beta/$batch', { requests });
async function responses(...requests: JsonObject[]): Promise<Map<string, JsonObject>> {
  const reply = await batch(...requests);
  expect(reply.status).toBe(200);
  return new Map(objectsOf(reply.body['responses']).map((one) => [String(one['id']), one]));
}

test('each part is answered by itself, with contexts and next links of its own', async () => {
  const answers = await responses(
    read('list', POLICIES),
    read('one', 'organization'),
    read('gone', `${POLICIES}/00000000-0000-4000-8000-000000000000`),
  );
  expect([...answers.values()].map((one) => one['status'])).toEqual(
    expect.arrayContaining([200, 200, 404]),
  );
  const list = answers.get('list')?.['body'];
  expect(isObject(list) ? list['@odata.context'] : '').toContain('#deviceManagement/');
  const link = isObject(list) ? String(list['@odata.nextLink']) : '';
  expect((await client.get(link)).status).toBe(200);
});

test('the order of the answers is not that of the requests', async () => {
  const ids = Array.from({ length: 20 }, (_, at) => `r${at}`);
  const reply = await batch(...ids.map((id) => read(id, 'groups')));
  const answered = objectsOf(reply.body['responses']).map((one) => String(one['id']));
  expect(answered).not.toEqual(ids);
  expect(answered.toSorted()).toEqual(ids.toSorted());
});

test.each([
  ['21 parts', Array.from({ length: 21 }, (_, at) => read(`${at}`, 'groups')), /exceeds/],
  ['ids that differ in case only', [read('a', 'groups'), read('A', 'groups')], /Duplicate/],
  ['an absolute url', [read('a', 'https://graph.microsoft.com/beta/groups')], /absolute/],
  ['a batch inside', [read('a', '/$batch')], /batch itself/],
  ['a body without its type', [{ ...read('a', 'groups'), body: {} }], /Content-Type/],
  ['an unknown dependency', [read('a', 'groups', { dependsOn: ['b'] })], /dependsOn/],
  ['no parts', [], /Invalid batch payload/],
])('%s: the whole batch is refused', async (_what, requests, message) => {
  const reply = await batch(...requests);
  expect(reply.status).toBe(400);
  expect(errorOf(reply).message).toMatch(message);
});

test('what depends on a failed part is not executed', async () => {
  const answers = await responses(
    read('after', 'groups', { dependsOn: ['first'] }),
    read('first', `${POLICIES}/00000000-0000-4000-8000-000000000000`),
  );
  expect(answers.get('after')?.['status']).toBe(424);
});

test('one part is throttled, with its own Retry-After; the outer answer is 200', async () => {
  await client.arm({
    match: { batched: true, path: 'deviceConfigurations' },
    fault: { kind: 'throttle', retryAfter: 2.128 },
  });
  const answers = await responses(
    read('a', 'deviceManagement/deviceConfigurations'),
    read('b', POLICIES),
  );
  expect(answers.get('a')).toMatchObject({ status: 429, headers: { 'Retry-After': '2.128' } });
  expect(answers.get('b')?.['status']).toBe(200);
});

test('the log ties the parts to their batch; stats count calls and requests apart', async () => {
  await client.control('DELETE', 'log');
  await batch(read('a', 'groups'), read('b', POLICIES));
  const { body } = await client.control('GET', 'log');
  const [outer, ...parts] = objectsOf(body['entries']);
  expect(outer).toMatchObject({ bucket: 'batch', batchOf: null, path: '/beta/$batch' });
  expect(parts.map((part) => part['batchOf'])).toEqual([outer?.['seq'], outer?.['seq']]);
  expect(parts.map((part) => part['path'])).toEqual(['/beta/groups', `/beta${POLICIES}`]);
  const stats = await client.control('GET', 'stats');
  expect(objectsOf(stats.body['tenants'])[0]).toMatchObject({
    calls: 2,
    httpRequests: 1,
    batches: 1,
    writes: 0,
  });
});

test('a reset inside a part cuts the whole batch', async () => {
  await client.arm({ match: { batched: true }, fault: { kind: 'executedThenReset' } });
  await expect(batch(read('a', 'groups'))).rejects.toThrow();
});
