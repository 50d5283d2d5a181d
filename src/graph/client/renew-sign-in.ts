import type { SignIn } from '../sign-in/sign-in.ts';
import type { Send } from './exchange.ts';

/**
 * A 401 may only mean that the token ended early (revoked, key rotated): it is renewed once. A
 * second 401 with a new token is an answer.
 */
export function renewSignIn(next: Send, signIn: SignIn): Send {
  return async (request) => {
    const answer = await next(request);
    if (answer.status !== 401) return answer;
    signIn.expire(answer.signInSerial);
    return next(request);
  };
}
