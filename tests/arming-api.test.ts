import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectionSchema } from '../src/api/connections.ts';
import { pageSchema } from '../src/api/page.ts';
import type { ConnectionId } from '../src/kernel/ids.ts';
import { type ApiWorld, setupApi } from './setup/api-fixture.ts';
import { hasConnection, hasWriteRegistration } from './setup/api-records.ts';

let world: ApiWorld;
let connection: ConnectionId;
let path: string;

beforeAll(async () => {
  world = await setupApi();
  connection = await hasConnection(world, world.acme);
  path = `${world.acme.path}/connections/${connection}`;
});
afterAll(() => world.close());

const owner = () => world.acme.as('owner');

async function shown() {
  const answer = await world.acme.as('readonly').get(`${world.acme.path}/connections`);
  expect(answer.text).not.toContain('never to be seen');
  const [first] = answer.as(pageSchema(connectionSchema)).items;
  return first?.writeRegistration;
}

test('without an application that may write there is nothing to arm', async () => {
  expect(await shown()).toBeNull();
  const answer = await owner().post(`${path}/arm`, { hours: 1, reason: 'a change' });
  expect(answer).toMatchObject({ status: 409, code: 'connection.write_registration_missing' });
});

test('arming is seen by all, and over when its hours are', async () => {
  await hasWriteRegistration(world, world.acme, connection);
  expect(await shown()).toMatchObject({ verifiedAt: null, armedUntil: null, armedBy: null });
  const armed = await owner().post(`${path}/arm`, { hours: 24, reason: 'a change' });
  expect(armed.as(connectionSchema).writeRegistration).toEqual(await shown());
  expect(await shown()).toMatchObject({ armedUntil: expect.any(String) });

  // A second arming replaces the end, also by a sooner one.
  await owner().post(`${path}/arm`, { hours: 1, reason: 'less will do' });
  const until = Date.parse((await shown())?.armedUntil ?? '');
  expect(until - Date.now()).toBeLessThan(2 * 3_600_000);

  await world.asAdmin(`update write_registrations set armed_until = now() - interval '1 second'`);
  expect(await shown()).toMatchObject({ armedUntil: null, armedBy: null });
});

test('disarming ends it at once', async () => {
  await owner().post(`${path}/arm`, { hours: 1, reason: 'a change' });
  const answer = await owner().post(`${path}/disarm`, { reason: 'changed my mind' });
  expect(answer.status).toBe(200);
  expect(await shown()).toMatchObject({ armedUntil: null });
});

test.each([
  { hours: 0, reason: 'a change' },
  { hours: 25, reason: 'a change' },
  { hours: 1.5, reason: 'a change' },
  { hours: '1', reason: 'a change' },
  { hours: 1 },
  { hours: 1, reason: ' ' },
  { hours: 1, reason: 'two\nlines' },
  { hours: 1, reason: 'x'.repeat(501) },
  { hours: 1, reason: 'a change', secret: 'x' },
])('%j arms nothing', async (body) => {
  const answer = await owner().post(`${path}/arm`, body);
  expect(answer).toMatchObject({ status: 422, code: 'request.invalid' });
  expect(await shown()).toMatchObject({ armedUntil: null });
});

test('a manager, who may execute restores, may not arm', async () => {
  const body = { hours: 1, reason: 'a change' };
  const answer = await world.acme.as('manager').post(`${path}/arm`, body);
  expect(answer.code).toBe('capability.missing');
});
