import { CHANGES_COUNTED_MAX, OVERVIEW_TENANTS_MAX, overviewSchema } from '../../api/overview.ts';
import { asPerson } from '../../db/person-tx.ts';
import { readOverview } from '../../tenants/read-overview.ts';
import { presentOverview } from '../present-overview.ts';
import { type GuardedRoute, NOTHING } from '../route.ts';

/** What an MSP sees first. */
export function overviewRoutes(): GuardedRoute[] {
  return [overview];
}

const LIMITS = { tenants: OVERVIEW_TENANTS_MAX + 1, changes: CHANGES_COUNTED_MAX };

const overview: GuardedRoute = {
  method: 'get',
  path: '/api/overview',
  summary: 'How all your tenants stand, worst first',
  capability: 'signed-in',
  params: NOTHING,
  query: NOTHING,
  body: NOTHING,
  answer: overviewSchema,
  statuses: [200],
  async serve({ db, principal, clock }) {
    // a token that may not see backups and runs is told of no tenant
    const maySee = ['backups:read', 'runs:read'].every((needed) =>
      principal.scopes.some((scope) => scope === needed),
    );
    const tenantIds = maySee ? principal.tenantIds : [];
    const rows = await asPerson(db, principal.userId, (tx) => readOverview(tx, tenantIds, LIMITS));
    return { status: 200, body: presentOverview(rows, principal, clock.now()) };
  },
};
