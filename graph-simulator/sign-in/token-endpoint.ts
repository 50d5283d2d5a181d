import { randomUUID } from 'node:crypto';
import type { Answer } from '../graph/graph-call.ts';
import { type App, type AppUse, type Tenant, useOfApp } from '../state/tenant.ts';
import { findTenant, type World } from '../state/world.ts';
import { issueToken, readJwtPart, TOKEN_LIFE_SECONDS } from './access-token.ts';

/** What a tenant's tokens hold at this moment. */
interface TokenTerms {
  readonly rolesOf: (tenant: Tenant, use: AppUse) => readonly string[];
  readonly lifeSecondsOf: (tenant: Tenant) => number | undefined;
}

/** Answers POST /{tenant}/oauth2/v2.0/token for client credentials, as Entra does. */
export function answerTokenRequest(
  world: World,
  tenantWord: string,
  form: URLSearchParams,
  terms: TokenTerms,
): Answer {
  const tenant = findTenant(world, tenantWord);
  if (tenant === undefined) {
    return refuse(400, 'invalid_request', 90002, `Tenant '${tenantWord}' not found.`);
  }
  const refusal = refuseGrant(form);
  if (refusal !== undefined) return refusal;
  const use = useOfApp(tenant, form.get('client_id') ?? '');
  if (use === undefined) return refuseClient(tenant, form);
  const unproven = refuseProof(tenant.apps[use], form);
  if (unproven !== undefined) return unproven;
  const lifeSeconds = terms.lifeSecondsOf(tenant) ?? TOKEN_LIFE_SECONDS;
  return {
    status: 200,
    headers: { 'cache-control': 'no-store, no-cache' },
    body: {
      token_type: 'Bearer',
      expires_in: lifeSeconds,
      ext_expires_in: lifeSeconds,
      access_token: issueToken(world, tenant, use, terms.rolesOf(tenant, use), lifeSeconds),
    },
  };
}

function refuseGrant(form: URLSearchParams): Answer | undefined {
  if (form.get('grant_type') !== 'client_credentials') {
    return refuse(
      400,
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${form.get('grant_type') ?? ''}'.`,
    );
  }
  const scopes = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  if (!scopes.some((scope) => scope.endsWith('/.default'))) {
    return refuse(
      400,
      'invalid_scope',
      1002012,
      `The provided value for scope ${form.get('scope') ?? ''} is not valid. ` +
        "Client credential flows must have a scope value with '/.default' suffixed to the " +
        'resource identifier (application ID URI).',
    );
  }
  return undefined;
}

function refuseClient(tenant: Tenant, form: URLSearchParams): Answer {
  const clientId = form.get('client_id') ?? '';
  return refuse(
    400,
    'unauthorized_client',
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${tenant.name}'.`,
  );
}

/** Either the secret or an assertion signed with a certificate. */
function refuseProof(app: App, form: URLSearchParams): Answer | undefined {
  const assertion = form.get('client_assertion');
  if (assertion !== null) {
    const isTyped =
      form.get('client_assertion_type') ===
      'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    if (isTyped && isAssertionWellFormed(app, assertion)) return undefined;
    return refuse(
      401,
      'invalid_client',
      700027,
      'The certificate with identifier used to sign the client assertion is not registered on ' +
        'application, or the assertion is malformed.',
    );
  }
  const secret = form.get('client_secret');
  if (secret === null) {
    return refuse(
      401,
      'invalid_client',
      7000216,
      "'client_assertion', 'client_secret' or 'request' is required for the " +
        "'client_credentials' grant type.",
    );
  }
  if (secret === app.clientSecret) return undefined;
  return refuse(
    401,
    'invalid_client',
    7000215,
    'Invalid client secret provided. Ensure the secret being sent in the request is the client ' +
      `secret value, not the client secret ID, for a secret added to app '${app.clientId}'.`,
  );
}

/** No certificate is registered here, so the signature is not verified; all claims are. */
function isAssertionWellFormed(app: App, assertion: string): boolean {
  const [headerPart, payloadPart, signature] = assertion.split('.');
  if (!headerPart || !payloadPart || !signature) return false;
  const header = readJwtPart(headerPart);
  const payload = readJwtPart(payloadPart);
  if (header === undefined || payload === undefined) return false;
  const isSigned = header['alg'] === 'PS256' || header['alg'] === 'RS256';
  const hasThumbprint = typeof header['x5t#S256'] === 'string' || typeof header['x5t'] === 'string';
  const expiry = payload['exp'];
  const isFresh = typeof expiry === 'number' && expiry * 1000 > Date.now();
  const isOurs = payload['iss'] === app.clientId && payload['sub'] === app.clientId;
  const audience = String(payload['aud'] ?? '');
  const isForUs = audience.endsWith('/oauth2/v2.0/token') || audience.endsWith('/v2.0');
  return isSigned && hasThumbprint && isFresh && isOurs && isForUs;
}

function refuse(status: number, error: string, code: number, text: string): Answer {
  const traceId = randomUUID();
  const timestamp = new Date().toISOString().replace('T', ' ').slice(0, 19);
  return {
    status,
    headers: { 'cache-control': 'no-store, no-cache' },
    body: {
      error,
      error_description:
        `AADSTS${code}: ${text} Trace ID: ${traceId} Correlation ID: ${traceId} ` +
        `Timestamp: ${timestamp}Z`,
      error_codes: [code],
      timestamp: `${timestamp}Z`,
      trace_id: traceId,
      correlation_id: traceId,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
  };
}
