import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { makeLink } from '../src/access/one-time-links.ts';
import { requireRecentSignIn } from '../src/access/require-recent-sign-in.ts';
import { recogniseSession, requireOpenSession } from '../src/access/sessions.ts';
import { systemClock } from '../src/kernel/clock.ts';
import {
  type ApiAnswer,
  ApiClient,
  type ApiWorld,
  PASSWORD,
  setupApi,
} from './setup/api-fixture.ts';
import { userOf } from './setup/matrix-world.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await setupApi();
});
afterAll(() => world.close());

const OURS = { 'sec-fetch-site': 'same-origin' };

function stranger(): ApiClient {
  return new ApiClient(world.app, undefined, undefined);
}

function signsIn(name: string, password: string, headers: Record<string, string> = OURS) {
  return stranger().post('/api/session/sign-in', { name, password }, headers);
}

function cookieOf(answer: ApiAnswer): string {
  return /^[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? '';
}

function withCookie(path: string, cookie: string, body?: unknown): Promise<ApiAnswer> {
  const headers = { cookie, ...OURS };
  const method = body === undefined ? 'GET' : 'POST';
  return stranger().send(method, path, { headers, ...(body !== undefined && { body }) });
}

async function forgetFailures(): Promise<void> {
  await world.asAdmin('delete from sign_in_failures');
}

test('a password gives a session, whose cookie no script and no other site sees', async () => {
  const answer = await signsIn('owner of Acme', PASSWORD);
  expect(answer.status).toBe(200);
  const cookie = answer.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^__Host-tenantatlas=[\w-]{43}; /);
  for (const part of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/'])
    expect(cookie).toContain(part);
  const session = await withCookie('/api/session', cookieOf(answer));
  expect(session.json()).toMatchObject({ user: { name: 'owner of Acme', isAdmin: false } });
  expect((await withCookie(world.acme.path, cookieOf(answer))).status).toBe(200);
  expect((await withCookie(world.globex.path, cookieOf(answer))).code).toBe('forbidden');
});

test('who is unknown, disabled, or wrong is answered alike', async () => {
  await forgetFailures();
  await world.asAdmin(`update users set disabled_at = now() where name = 'none of Acme'`);
  const answers = [
    await signsIn('owner of Acme', 'not the password'),
    await signsIn('nobody at all', PASSWORD),
    await signsIn('none of Acme', PASSWORD),
  ];
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers[0]?.code).toBe('sign_in.refused');
});

test('ten wrong guesses close an account for a while, to the right one as well', async () => {
  await forgetFailures();
  for (let guess = 1; guess <= 10; guess++) {
    expect((await signsIn('manager of Acme', `guess ${guess}`)).code).toBe('sign_in.refused');
  }
  const right = await signsIn('manager of Acme', PASSWORD);
  expect(right.code).toBe('sign_in.too_many');
  expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
  await world.asAdmin(`update sign_in_failures set at = at - interval '16 minutes'`);
  expect((await signsIn('manager of Acme', PASSWORD)).status).toBe(200);
});

test('guesses at many accounts close the network that they come from', async () => {
  await forgetFailures();
  for (let guess = 1; guess <= 10; guess++) await signsIn(`somebody ${guess}`, 'a guess');
  expect((await signsIn('operator of Acme', PASSWORD)).code).toBe('sign_in.too_many');
  await forgetFailures();
});

test('a session ends: signed out, ended elsewhere, unused, and after its day', async () => {
  const acts = {
    'signed out': (cookie: string) => withCookie('/api/session/sign-out', cookie, {}),
    'ended elsewhere': async (cookie: string) => {
      const other = cookieOf(await signsIn('owner of Acme', PASSWORD));
      const { session } = (await withCookie('/api/session', cookie)).as(
        z.object({ session: z.object({ id: z.string() }) }),
      );
      return withCookie(`/api/sessions/${session.id}/revoke`, other, {});
    },
    unused: () => world.asAdmin('update sessions set seen_at = seen_at - idle'),
    'after its day': () => world.asAdmin('update sessions set ends_at = clock_timestamp()'),
    'of a user who was disabled': () =>
      world.asAdmin(`update users set disabled_at = now() where name = 'owner of Acme'`),
  };
  for (const [what, act] of Object.entries(acts)) {
    const cookie = cookieOf(await signsIn('owner of Acme', PASSWORD));
    expect((await withCookie('/api/session', cookie)).status, what).toBe(200);
    await act(cookie);
    expect((await withCookie('/api/session', cookie)).code, what).toBe('unauthorized');
  }
  await world.asAdmin('update users set disabled_at = null');
});

test('a window that is only open does not keep a session from ending unused', async () => {
  const cookie = cookieOf(await signsIn('owner of Acme', PASSWORD));
  const secret = cookie.split('=')[1] ?? '';
  await world.asAdmin(`update sessions set seen_at = seen_at - interval '10 minutes'`);
  const seenAt = async () =>
    (await world.asAdmin('select max(seen_at) as at from sessions')).rows[0].at;
  const before = await seenAt();
  await requireOpenSession(world.db, secret);
  expect(await seenAt()).toEqual(before);
  await recogniseSession(world.db, secret);
  expect(await seenAt()).not.toEqual(before);
});

test('entering the password again gives a new secret, and counts for five minutes', async () => {
  const cookie = cookieOf(await signsIn('owner of Acme', PASSWORD));
  const secretOf = (text: string) => text.split('=')[1] ?? '';
  const before = await recogniseSession(world.db, secretOf(cookie));
  const later = { ...systemClock, now: () => new Date(Date.now() + 301_000) };
  expect(() => requireRecentSignIn(before, systemClock)).not.toThrow();
  expect(() => requireRecentSignIn(before, later)).toThrow('password once more');
  await world.asAdmin(`update sessions set authenticated_at = now() - interval '1 hour'`);
  const wrong = await withCookie('/api/session/confirm', cookie, { password: 'wrong' });
  expect(wrong.code).toBe('sign_in.refused');
  const confirmed = await withCookie('/api/session/confirm', cookie, { password: PASSWORD });
  const renewed = cookieOf(confirmed);
  expect(renewed).not.toBe(cookie);
  const after = await recogniseSession(world.db, secretOf(renewed));
  expect(() => requireRecentSignIn(after, systemClock)).not.toThrow();
  expect((await withCookie('/api/session', cookie)).code).toBe('unauthorized');
});

test('a new password ends all other sessions, and the old one opens nothing', async () => {
  const other = cookieOf(await signsIn('readonly of Globex', PASSWORD));
  const here = cookieOf(await signsIn('readonly of Globex', PASSWORD));
  const change = { current: PASSWORD, password: 'another one of many words' };
  expect((await withCookie('/api/account/password', here, change)).status).toBe(200);
  expect((await withCookie('/api/session', here)).status).toBe(200);
  expect((await withCookie('/api/session', other)).code).toBe('unauthorized');
  expect((await signsIn('readonly of Globex', PASSWORD)).code).toBe('sign_in.refused');
  const common = { current: change.password, password: 'Password1234' };
  expect((await withCookie('/api/account/password', here, common)).code).toBe(
    'password.too_common',
  );
});

test('a write that another site made a browser send is refused', async () => {
  const cookie = cookieOf(await signsIn('operator of Acme', PASSWORD));
  const start = (headers: Record<string, string>) =>
    stranger().post(
      `${world.acme.path}/runs/test.note`,
      { book: crypto.randomUUID() },
      {
        cookie,
        ...headers,
      },
    );
  expect((await start({ 'sec-fetch-site': 'cross-site' })).code).toBe('request.cross_site');
  expect((await start({ 'sec-fetch-site': 'same-site' })).code).toBe('request.cross_site');
  expect((await start({ origin: 'https://evil.example' })).code).toBe('request.cross_site');
  expect((await start({})).code).toBe('request.cross_site');
  expect((await start({ origin: 'http://127.0.0.1' })).status).toBe(201);
  expect((await start(OURS)).status).toBe(201);
  expect((await signsIn('operator of Acme', PASSWORD, {})).code).toBe('request.cross_site');
});

test('a link to choose a password works once, and not after its time', async () => {
  const userId = userOf(world.acme.as('readonly'));
  const link = (lifeSeconds: number) =>
    world.asOwner((owner) => makeLink(owner, { purpose: 'password', userId, lifeSeconds }));
  const token = (await link(60)).reveal();
  const look = await stranger().post('/api/links/look', { token }, OURS);
  expect(look.json()).toEqual({ purpose: 'password', userName: 'readonly of Acme' });
  const redeem = (password: string, used = token) =>
    stranger().post('/api/links/redeem', { token: used, password }, OURS);
  expect((await redeem('short')).code).toBe('request.invalid');
  expect((await redeem('passwordpassword')).code).toBe('password.too_common');
  const both = await Promise.all([redeem('words of a new password'), redeem('words of another')]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
  expect((await redeem('words of a new password')).code).toBe('link.unknown');
  const old = (await link(-1)).reveal();
  expect((await redeem('words of a new password', old)).code).toBe('link.unknown');
});

test('the first admin sets the installation up; nobody else can afterwards', async () => {
  const wanted = { purpose: 'set_up', userId: null, lifeSeconds: 60 } as const;
  const tokens = await world.asOwner(async (owner) => [
    (await makeLink(owner, wanted)).reveal(),
    (await makeLink(owner, wanted)).reveal(),
  ]);
  await world.asAdmin('update users set is_admin = false');
  const setUp = (token: string | undefined, name: string) =>
    stranger().post('/api/links/redeem', { token, name, password: 'words to set up with' }, OURS);
  expect((await setUp(tokens[0], 'owner of Acme')).code).toBe('user.name_taken');
  const first = await setUp(tokens[0], 'Ada');
  const session = await withCookie('/api/session', cookieOf(first));
  expect(session.json()).toMatchObject({ user: { isAdmin: true } });
  expect((await setUp(tokens[1], 'Somebody else')).code).toBe('link.unknown');
});
