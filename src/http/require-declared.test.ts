import { expect, test } from 'vitest';
import { z } from 'zod';
import { policyIdSchema, runIdSchema } from '../kernel/ids.ts';
import { requireDeclared } from './require-declared.ts';
import { NOTHING, type Route } from './route.ts';

/** A route with something wrong in it, as a mistake or a cast would bring it. */
function routeWith(change: object): Route {
  const route: Route = {
    method: 'get',
    path: '/api/tenants/{tenant}/runs/{run}',
    summary: 'a route',
    capability: 'runs:read',
    params: z.object({ run: runIdSchema }),
    query: NOTHING,
    body: NOTHING,
    answer: NOTHING,
    statuses: [200],
    serve: async () => ({ status: 200, body: {} }),
  };
  return { ...route, ...change };
}

test('a route that says who may use it passes', () => {
  expect(() => requireDeclared([routeWith({})])).not.toThrow();
});

test.each([
  ['no capability', { capability: undefined }, /declares no capability/],
  ['a capability that there is not', { capability: 'runs:fly' }, /declares no capability/],
  ['only a sign-in inside a tenant', { capability: 'signed-in' }, /needs a capability/],
  ['nothing at all inside a tenant', { capability: 'public' }, /needs a capability/],
  ['a capability outside a tenant', { path: '/api/runs/{run}' }, /needs a capability/],
  ['a path parameter without schema', { params: NOTHING }, /parameters of path/],
  ['a schema that hides ids', { query: z.object({ q: z.any() }) }, /may not hold a schema/],
  ['a body that hides ids', { body: z.map(z.string(), policyIdSchema) }, /may not hold a schema/],
])('a route with %s stops the start', (_what, change, message) => {
  expect(() => requireDeclared([routeWith(change)])).toThrow(message);
});

test('the same route twice stops the start', () => {
  expect(() => requireDeclared([routeWith({}), routeWith({})])).toThrow(/is there twice/);
});
