import assert from 'node:assert/strict';
import { isCapability } from '../kernel/capabilities.ts';
import { recordKindsIn } from './record-ids.ts';
import type { Route } from './route.ts';

const OUTSIDE_TENANTS: ReadonlySet<string> = new Set(['public', 'signed-in', 'admin']);

/**
 * Stops the start at a route that does not say who may use it, or says it wrongly. What the types
 * promise is asked again here, since a forgotten guard is found by nobody else. Schemas that could
 * hide a record's id stop it, too.
 */
export function requireDeclared(routes: readonly Route[]): void {
  const seen = new Set<string>();
  for (const { method, path, capability, params, query, body } of routes) {
    const name = `${method} ${path}`;
    assert(!seen.has(name), `${name} is there twice`);
    seen.add(name);
    const isInTenant = path.startsWith('/api/tenants/{tenant}');
    const isDeclared = OUTSIDE_TENANTS.has(capability) || isCapability(capability ?? '');
    assert(isDeclared, `${name} declares no capability`);
    assert(
      isInTenant === isCapability(capability),
      `${name}: a route needs a capability exactly when it is in a tenant`,
    );
    const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const declared = [...(isInTenant ? ['tenant'] : []), ...Object.keys(params.shape)];
    for (const schema of [params, query, body]) recordKindsIn(schema);
    assert.deepEqual(named, declared, `${name}: parameters of path and schema differ`);
  }
}
