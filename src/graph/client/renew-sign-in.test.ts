import { expect, test } from 'vitest';
import { Secret } from '../../kernel/secret.ts';
import type { SignIn, Token } from '../sign-in/sign-in.ts';
import type { GraphAnswer, GraphRequest } from './exchange.ts';
import { renewSignIn } from './renew-sign-in.ts';

const REQUEST: GraphRequest = {
  method: 'GET',
  url: '/beta/organization',
  template: '/beta/organization',
  bucket: 'directory',
  cost: 1,
  isBatchable: false,
  unsafeNumbers: 'refuse',
  signal: new AbortController().signal,
};

function answerOf(status: number, signInSerial: number): GraphAnswer {
  return { status, headers: {}, body: {}, signInSerial, wasRoundTripSaved: false };
}

/** Each token comes when the test says so. */
function signInByHand() {
  const asked: PromiseWithResolvers<Token>[] = [];
  const expired: number[] = [];
  const signIn: Pick<SignIn, 'token' | 'expire'> = {
    token: () => {
      const next = Promise.withResolvers<Token>();
      asked.push(next);
      return next.promise;
    },
    expire: (serial) => void expired.push(serial),
  };
  const give = (serial: number) =>
    asked[serial - 1]?.resolve({ value: new Secret('token'), serial });
  return { signIn, give, expired, asked };
}

test('nothing is let through before there is a token to send it with', async () => {
  const { signIn, give } = signInByHand();
  let passed = 0;
  const send = renewSignIn(async () => {
    passed += 1;
    return answerOf(200, 1);
  }, signIn);
  const answers = Promise.all([send(REQUEST), send(REQUEST)]);
  await Promise.resolve();
  expect(passed).toBe(0);
  give(1);
  give(2);
  await answers;
  expect(passed).toBe(2);
});

test('a refused token is renewed once, before the request is let through again', async () => {
  const { signIn, give, expired, asked } = signInByHand();
  const statuses = [401, 401];
  const send = renewSignIn(async () => answerOf(statuses.shift() ?? 200, 7), signIn);
  const answer = send(REQUEST);
  give(1);
  await expect.poll(() => asked.length).toBe(2);
  expect(expired).toEqual([7]);
  expect(statuses).toHaveLength(1);
  give(2);
  expect((await answer).status).toBe(401);
});
