import { AppError } from '../kernel/errors.ts';
import { type GuardedRoute, NOTHING, type PublicRoute, tenantRoute } from './route.ts';

async function refuse(): Promise<never> {
  throw new AppError('route.unknown');
}

const facts = {
  method: 'get',
  path: 'unknown',
  summary: 'Nothing is here',
  params: NOTHING,
  query: NOTHING.loose(),
  body: NOTHING,
  answer: NOTHING,
  statuses: [],
} as const;

/** Outside the API there is nothing to hide. */
export const unknownAddress: PublicRoute = { ...facts, capability: 'public', serve: refuse };

/** Under a name that is not ours nothing is served at all. */
export const wrongHost: PublicRoute = {
  ...facts,
  capability: 'public',
  async serve() {
    throw new AppError('request.wrong_host');
  },
};

/** Nothing is at this address, which whoever is signed in may know. */
export const unknownRoute: GuardedRoute = { ...facts, capability: 'signed-in', serve: refuse };

/** Nothing is at this address below a tenant, which only its members may know. */
export const unknownRouteInTenant: GuardedRoute = tenantRoute({
  ...facts,
  capability: 'tenant:read',
  handle: refuse,
});
