import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../kernel/durations.ts';
import { AppError } from '../../kernel/errors.ts';
import { keepSignIn } from './sign-in.ts';

const NEVER = new AbortController().signal;

test('callers at the same time share one request for a token', async () => {
  const { signIn, fetched } = signingIn();
  const tokens = await Promise.all([1, 2, 3].map(() => signIn.token(NEVER)));
  expect(fetched()).toBe(1);
  expect(new Set(tokens.map(({ value }) => value.reveal()))).toEqual(new Set(['token-1']));
});

test('a token is renewed before its end', async () => {
  const { signIn, advance } = signingIn();
  await signIn.token(NEVER);
  advance(54 * MINUTE);
  expect((await signIn.token(NEVER)).serial).toBe(1);
  advance(1 * MINUTE);
  expect((await signIn.token(NEVER)).serial).toBe(2);
});

test('a refused token is renewed once, however many requests were refused with it', async () => {
  const { signIn, fetched } = signingIn();
  const { serial } = await signIn.token(NEVER);
  signIn.expire(serial);
  await signIn.token(NEVER);
  signIn.expire(serial);
  expect((await signIn.token(NEVER)).serial).toBe(2);
  expect(fetched()).toBe(2);
});

test('a refused sign-in is not asked again at once', async () => {
  const refusal = new AppError('graph.sign_in_failed');
  const { signIn, fetched, advance } = signingIn(refusal);
  await expect(signIn.token(NEVER)).rejects.toBe(refusal);
  await expect(signIn.token(NEVER)).rejects.toBe(refusal);
  expect(fetched()).toBe(1);
  advance(10 * SECOND);
  await expect(signIn.token(NEVER)).rejects.toBe(refusal);
  expect(fetched()).toBe(2);
});

test('an outage of the sign-in is asked again by the next caller', async () => {
  const { signIn, fetched } = signingIn(new AppError('graph.unavailable'));
  await expect(signIn.token(NEVER)).rejects.toThrow();
  await expect(signIn.token(NEVER)).rejects.toThrow();
  expect(fetched()).toBe(2);
});

test('one caller who leaves does not take the token from the others', async () => {
  const leaving = new AbortController();
  const { signIn } = signingIn();
  const left = signIn.token(leaving.signal);
  const stays = signIn.token(NEVER);
  leaving.abort(new Error('cancelled'));
  await expect(left).rejects.toThrow('cancelled');
  await expect(stays).resolves.toMatchObject({ serial: 1 });
});

test('a token prints as nothing', async () => {
  const token = await signingIn().signIn.token(NEVER);
  expect(`${JSON.stringify(token)} ${inspect(token)}`).not.toContain('token-1');
});

function signingIn(failure?: AppError) {
  let nowMs = Date.parse('2026-11-20T08:00:00Z');
  let count = 0;
  const clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs };
  const fetchToken = async () => {
    count += 1;
    if (failure !== undefined) throw failure;
    return { accessToken: `token-${count}`, expiresAt: new Date(nowMs + 60 * MINUTE) };
  };
  return {
    signIn: keepSignIn(fetchToken, clock),
    fetched: () => count,
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
}
