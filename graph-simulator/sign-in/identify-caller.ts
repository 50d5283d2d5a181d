import { graphError } from '../graph/errors.ts';
import type { Answer, Caller, GraphCall } from '../graph/graph-call.ts';
import { type AppUse, type Tenant, useOfApp } from '../state/tenant.ts';
import { findTenant, tenantWords, type World } from '../state/world.ts';
import { readToken } from './access-token.ts';

export type AuthMode = 'on' | 'any';

interface SignInRules {
  readonly world: World;
  readonly mode: AuthMode;
  /** What the tenant grants the application at this moment. */
  readonly rolesOf: (tenant: Tenant, use: AppUse) => readonly string[];
}

/**
 * Tells the tenant from the bearer token. A permission counts when the token has it and the tenant
 * still grants it: what is added later needs a new token, what is taken away is gone at once.
 */
export function identifyCaller(rules: SignInRules, call: GraphCall): Caller | Answer {
  const bearer = /^Bearer (.+)$/i.exec(call.headers['authorization'] ?? '')?.[1]?.trim();
  if (bearer === undefined) return refuse(call, 'Access token is empty.');
  const reading = readToken(rules.world, bearer);
  if (reading.isValid) {
    const tenant = findTenant(rules.world, reading.tenantId);
    if (tenant === undefined) return refuse(call, 'Access token validation failure. Invalid tid.');
    const granted = new Set(rules.rolesOf(tenant, useOfApp(tenant, reading.appId) ?? 'read'));
    const roles = new Set(reading.roles.filter((role) => granted.has(role)));
    return { tenant, appId: reading.appId, roles };
  }
  if (rules.mode === 'on') return refuse(call, reading.reason);
  const tenant = namedTenant(rules.world, bearer);
  if (tenant === undefined) return refuse(call, 'There is no tenant.');
  const { clientId } = tenant.apps.read;
  return { tenant, appId: clientId, roles: new Set(rules.rolesOf(tenant, 'read')) };
}

/** Whether identifying gave a refusal. */
export function isRefused(outcome: Caller | Answer): outcome is Answer {
  return 'status' in outcome;
}

function namedTenant(world: World, bearer: string): Tenant | undefined {
  const text = bearer.toLowerCase();
  const isNamed = (tenant: Tenant) => tenantWords(tenant).some((word) => text.includes(word));
  return world.tenants.find(isNamed) ?? world.tenants[0];
}

function refuse(call: GraphCall, message: string): Answer {
  return graphError(call, {
    status: 401,
    code: 'InvalidAuthenticationToken',
    message,
    headers: {
      'www-authenticate':
        'Bearer realm="", ' +
        'authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
    },
  });
}
