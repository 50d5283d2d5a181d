import { createHmac, randomUUID } from 'node:crypto';
import type { AppUse, Tenant } from '../state/tenant.ts';
import type { World } from '../state/world.ts';
import { isObject, type JsonObject, parseJson, textOf, textsOf } from '../values/json.ts';

/** What Entra says of nearly every token. */
export const TOKEN_LIFE_SECONDS = 3599;

/** A token shaped as Entra's: three parts, `tid`, `appid` and `roles` among the claims. */
export function issueToken(
  world: World,
  tenant: Tenant,
  use: AppUse,
  roles: readonly string[],
  lifeSeconds: number,
): string {
  const issuedAt = Math.floor(Date.now() / 1000);
  const claims: JsonObject = {
    aud: 'https://graph.microsoft.com',
    iss: `https://sts.windows.net/${tenant.id}/`,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + lifeSeconds,
    app_displayname: 'Simulated registration',
    appid: tenant.apps[use].clientId,
    appidacr: '1',
    idtyp: 'app',
    roles: [...roles],
    tid: tenant.id,
    uti: randomUUID(),
    ver: '1.0',
  };
  const unsigned = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(claims)}`;
  return `${unsigned}.${sign(world, unsigned)}`;
}

/** What a token of ours says, or why it is not accepted. */
export type TokenReading =
  | { readonly isValid: true; readonly tenantId: string; readonly appId: string; roles: string[] }
  | { readonly isValid: false; readonly reason: string };

/** Checks form, signature and age of a bearer token. */
export function readToken(world: World, token: string): TokenReading {
  const [header, payload, signature] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined) {
    return { isValid: false, reason: 'IDX14100: JWT is not well formed, there are no dots (.).' };
  }
  if (sign(world, `${header}.${payload}`) !== signature) {
    return { isValid: false, reason: 'Access token validation failure. Invalid signature.' };
  }
  const claims = readJwtPart(payload);
  const expiry = claims?.['exp'];
  if (claims === undefined || typeof expiry !== 'number' || expiry * 1000 <= Date.now()) {
    return { isValid: false, reason: 'Lifetime validation failed, the token is expired.' };
  }
  return {
    isValid: true,
    tenantId: textOf(claims['tid']) ?? '',
    appId: textOf(claims['appid']) ?? '',
    roles: textsOf(claims['roles']),
  };
}

/** The object inside one part of a JWT. */
export function readJwtPart(part: string): JsonObject | undefined {
  try {
    const value = parseJson(Buffer.from(part, 'base64url').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Keyed by the seed, so that a token outlives a restart of the simulator; no real secret. */
function sign(world: World, text: string): string {
  return createHmac('sha256', `graph-simulator ${world.seed}`).update(text).digest('base64url');
}
