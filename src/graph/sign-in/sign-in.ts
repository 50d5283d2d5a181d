import type { Clock } from '../../kernel/clock.ts';
import { MINUTE, SECOND } from '../../kernel/durations.ts';
import { AppError } from '../../kernel/errors.ts';
import { Secret } from '../../kernel/secret.ts';
import { untilAborted } from '../client/wait.ts';
import type { FetchedToken } from './fetch-token.ts';

/** The sign-in of one connection version: a token while it lasts, a new one near its end. */
export interface SignIn {
  /**
   * A token to send now. Callers that come at the same time share one request for it.
   * @throws AppError `graph.sign_in_failed`, `graph.unavailable`, `graph.throttled`.
   */
  token(signal: AbortSignal): Promise<Token>;
  /** The same, but none that was there before: it holds whatever was granted since. */
  newToken(signal: AbortSignal): Promise<Token>;
  /** Graph refused this token: the next caller gets a new one. Older ones change nothing. */
  expire(serial: number): void;
}

export interface Token {
  readonly value: Secret<string>;
  readonly serial: number;
}

/** A token is renewed this long before its end, so that no request under way outlives it. */
const RENEWED_BEFORE_MS = 5 * MINUTE;

/** A refused sign-in is not asked again at once by the hundreds of requests that wait behind it. */
const REFUSAL_REMEMBERED_MS = 10 * SECOND;

export function keepSignIn(fetchToken: () => Promise<FetchedToken>, clock: Clock): SignIn {
  let current: { token: Token; renewAtMs: number } | undefined;
  let fetching: Promise<Token> | undefined;
  let refusal: { error: AppError; untilMs: number } | undefined;
  let serials = 0;

  async function fetchNext(): Promise<Token> {
    try {
      const { accessToken, expiresAt } = await fetchToken();
      serials += 1;
      const token = { value: new Secret(accessToken), serial: serials };
      current = { token, renewAtMs: expiresAt.getTime() - RENEWED_BEFORE_MS };
      refusal = undefined;
      return token;
    } catch (error) {
      if (error instanceof AppError && error.code === 'graph.sign_in_failed') {
        refusal = { error, untilMs: clock.monotonicMs() + REFUSAL_REMEMBERED_MS };
      }
      throw error;
    } finally {
      fetching = undefined;
    }
  }

  const signIn: SignIn = {
    async token(signal) {
      if (current !== undefined && clock.now().getTime() < current.renewAtMs) return current.token;
      if (refusal !== undefined && clock.monotonicMs() < refusal.untilMs) throw refusal.error;
      if (fetching === undefined) {
        fetching = fetchNext();
        // When all who wait have left, nobody hears of its failure: that is no crash.
        fetching.catch(() => {});
      }
      return untilAborted(fetching, signal);
    },
    newToken(signal) {
      current = undefined;
      return signIn.token(signal);
    },
    expire(serial) {
      if (current?.token.serial === serial) current = undefined;
    },
  };
  return signIn;
}
