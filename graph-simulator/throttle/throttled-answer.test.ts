import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Connected, connect, errorOf } from '../testing/connect.ts';
import { objectsOf } from '../values/json.ts';
import { retryAfterSeconds } from './throttled-answer.ts';

const ACCESS = '/beta/identity/conditionalAccess/policies';
let client: Connected;
beforeEach(async () => {
  client = await connect();
});
afterEach(() => client.close());

test('Retry-After is whole, fractional or absent', () => {
  expect(retryAfterSeconds('whole', 1200)).toBe(2);
  expect(retryAfterSeconds('fractional', 2127.4)).toBe(2.128);
  expect(retryAfterSeconds('absent', 1200)).toBeNull();
});

/** Calls sent at once, so that a slow machine does not spread them over seconds. */
const threeAtOnce = () => Promise.all([1, 2, 3].map(() => client.get(ACCESS)));

test('Conditional Access: a second call within a second is 429 without Retry-After', async () => {
  const replies = await threeAtOnce();
  expect(replies.map((reply) => reply.status).toSorted()).toEqual([200, 429, 429]);
  const throttled = replies.filter((reply) => reply.status === 429);
  for (const reply of throttled) {
    expect(reply.headers.get('retry-after')).toBeNull();
    expect(errorOf(reply)).toEqual({ code: 'TooManyRequests', message: 'Too many requests.' });
  }
});

test('a standing fault chooses how the real limits give Retry-After', async () => {
  await client.arm({ fault: { kind: 'retryAfterStyle', style: 'fractional' } });
  const headers = (await threeAtOnce()).map((reply) => reply.headers.get('retry-after'));
  const given = headers.filter((header) => header !== null).map(Number);
  expect(given).toHaveLength(2);
  for (const seconds of given) {
    expect(seconds).toBeGreaterThan(0);
    expect(Number.isInteger(seconds)).toBe(false);
  }
});

test('an Intune bucket refuses the write after the hundredth in the body of Intune', async () => {
  const path = '/beta/deviceManagement/assignmentFilters';
  const writes = Array.from({ length: 101 }, () => client.send('POST', path, {}));
  const statuses = (await Promise.all(writes)).map((reply) => reply.status);
  expect(statuses.filter((status) => status === 429)).toHaveLength(1);
  const refused = await client.send('POST', path, {});
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(15);
  expect(errorOf(refused).message).toBe('An error has occurred.');
  expect((await client.get(path)).status).toBe(200);
});

test('an early call is refused again and counted', async () => {
  const path = '/beta/deviceManagement/deviceConfigurations';
  await client.arm({ match: { path }, fault: { kind: 'throttle', retryAfter: 60 } });
  expect((await client.get(path)).headers.get('retry-after')).toBe('60');
  const early = () =>
    client.get(path).then(async () => {
      const { body } = await client.control('GET', 'stats');
      return Number(objectsOf(body['tenants'])[0]?.['early']);
    });
  await expect.poll(early, { timeout: 10_000 }).toBeGreaterThan(0);
  const { body } = await client.control('GET', 'log');
  expect(objectsOf(body['entries']).at(-1)).toMatchObject({
    status: 429,
    throttled: true,
    early: true,
  });
  expect(errorOf(await client.get(path)).message).toBe('An error has occurred.');
});
