import type { SignIn } from '../sign-in/sign-in.ts';
import type { Send } from './exchange.ts';

/**
 * Signed in first, then let through by the budget: requests that were let through one by one and
 * wait for the token would all leave at once, more than the limits take. A 401 may only mean that
 * the token ended early (revoked, key rotated): it is renewed once. A second 401 with a new token
 * is an answer.
 */
export function renewSignIn(next: Send, signIn: Pick<SignIn, 'token' | 'expire'>): Send {
  return async (request) => {
    await signIn.token(request.signal);
    const answer = await next(request);
    if (answer.status !== 401) return answer;
    signIn.expire(answer.signInSerial);
    await signIn.token(request.signal);
    return next(request);
  };
}
