import { OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { PROBLEM_MEDIA_TYPE, problemSchema } from '../api/problem.ts';
import { tenantIdSchema } from '../kernel/ids.ts';
import type { Route } from './route.ts';
import { SESSION_COOKIE } from './session-cookie.ts';

const TOKEN = 'token';
const SESSION = 'session';

/** OpenAPI 3.1, made from the same schemas that validate. */
export function describeApi(routes: readonly Route[], version: string) {
  const document = new OpenAPIHono();
  const registry = document.openAPIRegistry;
  registry.registerComponent('securitySchemes', TOKEN, {
    type: 'http',
    scheme: 'bearer',
    description: 'An API token: tenantatlas token create',
  });
  registry.registerComponent('securitySchemes', SESSION, {
    type: 'apiKey',
    in: 'cookie',
    name: SESSION_COOKIE,
    description: 'The session of a browser: POST /api/session/sign-in',
  });
  for (const route of routes) registry.registerPath(describeRoute(route));
  return document.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'TenantAtlas', version, license: { name: 'Apache-2.0' } },
    servers: [{ url: '/' }],
  });
}

function describeRoute(route: Route) {
  const isInTenant = route.path.includes('{tenant}');
  const isPublic = route.capability === 'public';
  return {
    method: route.method,
    path: route.path,
    operationId: operationIdOf(route),
    summary: route.summary,
    description: isPublic ? 'Open to all.' : `Needs: ${route.capability}.`,
    security: isPublic ? [] : [{ [TOKEN]: [] }, { [SESSION]: [] }],
    request: {
      params: z.object({
        ...(isInTenant ? { tenant: tenantIdSchema } : {}),
        ...route.params.shape,
      }),
      query: route.query,
      ...(route.headers === undefined ? {} : { headers: route.headers }),
      ...(route.method === 'post'
        ? { body: { content: { 'application/json': { schema: route.body } } } }
        : {}),
    },
    responses: {
      ...Object.fromEntries(route.statuses.map((status) => [status, describeAnswer(route)])),
      default: {
        description: 'Anything else is a problem',
        content: { [PROBLEM_MEDIA_TYPE]: { schema: problemSchema } },
      },
    },
  };
}

function describeAnswer(route: Route) {
  return { description: route.summary, content: { 'application/json': { schema: route.answer } } };
}

/** `get /api/tenants/{tenant}/runs/{run}` becomes `getTenantsTenantRunsRun`: stable and unique. */
function operationIdOf(route: Route): string {
  const words = route.path.replace(/^\/(api\/)?/, '').match(/[a-zA-Z0-9]+/g) ?? [];
  const names = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return route.method + names.join('');
}
