import { AuthError, ConfidentialClientApplication, ServerError } from '@azure/msal-node';
import { AppError } from '../../kernel/errors.ts';
import type { Secret } from '../../kernel/secret.ts';
import type { HttpExchange } from '../client/http-exchange.ts';
import type { CloudHosts } from '../clouds.ts';
import { type GraphCredential, msalCredential } from './credential.ts';
import { msalNetwork } from './msal-network.ts';

export interface FetchedToken {
  readonly accessToken: string;
  readonly expiresAt: Date;
}

export interface SignInPlace {
  readonly http: HttpExchange;
  readonly hosts: CloudHosts;
  readonly entraTenantId: string;
  readonly clientId: string;
  readonly openCredential: () => Promise<Secret<GraphCredential>>;
}

/**
 * Asks Entra for an application token. The credential is opened here and lives as long as this
 * call: a fresh msal application each time (about once an hour) keeps none in memory between.
 * @throws AppError `graph.sign_in_failed` with Entra's AADSTS code, `graph.unavailable`,
 *   `graph.throttled`.
 */
export async function fetchToken(place: SignInPlace): Promise<FetchedToken> {
  const credential = await place.openCredential();
  try {
    const app = new ConfidentialClientApplication({
      // Microsoft's own authorities are built into msal: no discovery call is made for them.
      auth: {
        clientId: place.clientId,
        authority: `${place.hosts.authority}/${encodeURIComponent(place.entraTenantId)}`,
        ...msalCredential(credential.reveal()),
      },
      system: { networkClient: msalNetwork(place.http, place.hosts), disableInternalRetries: true },
    });
    const result = await app.acquireTokenByClientCredential({
      scopes: [place.hosts.scope],
      skipCache: true,
    });
    if (result?.accessToken && result.expiresOn) {
      return { accessToken: result.accessToken, expiresAt: result.expiresOn };
    }
  } catch (error) {
    throw inOurWords(error);
  }
  throw new AppError('graph.sign_in_failed', { reason: 'no_token' });
}

/**
 * msal's messages quote the answer and may hold parts of the request: only Entra's code is kept,
 * and the error is not handed on as a cause.
 */
function inOurWords(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (!(error instanceof AuthError)) {
    return new AppError('graph.sign_in_failed', { reason: 'credential_unusable' });
  }
  const status = error instanceof ServerError ? Number(error.status ?? 0) : 0;
  // msal puts whatever the answer held there, an object when the answer was not Entra's.
  const code = String(error.errorCode);
  if (status === 429) return new AppError('graph.throttled', { status, retryAfterSeconds: 30 });
  if (status >= 500 || /network|endpoints_resolution|openid_config/.test(code)) {
    return new AppError('graph.unavailable', { reason: 'sign_in' });
  }
  const [aadsts] = /AADSTS\d{2,10}/.exec(error.errorMessage ?? '') ?? [];
  const known = /^[a-z_]{1,60}$/.test(code) ? code : 'refused';
  return new AppError('graph.sign_in_failed', { graphCode: aadsts ?? known });
}
