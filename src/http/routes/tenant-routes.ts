import { z } from 'zod';
import { heldCapabilities } from '../../access/authorise.ts';
import type { Principal } from '../../access/principal.ts';
import { coverageSchema } from '../../api/coverage.ts';
import { type Tenant, tenantSchema } from '../../api/tenants.ts';
import { coverageList } from '../../tenants/list-coverage.ts';
import { type TenantRow, tenantsList } from '../../tenants/list-tenants.ts';
import { tenantLinks } from '../links.ts';
import { personListRoute, tenantListRoute } from '../list-route.ts';
import { reasonOf } from '../reason-of.ts';
import { type GuardedRoute, NOTHING, tenantRoute } from '../route.ts';
import { titleOfPolicyType } from '../title-of-policy-type.ts';

const tenant = '/api/tenants/{tenant}';

/** Tenants, and what we can see there. */
export function tenantRoutes(): GuardedRoute[] {
  return [listTenants, readTenant, listCoverage];
}

const listTenants = personListRoute({
  path: '/api/tenants',
  summary: 'The tenants that you are a member of, with your role and rights',
  item: tenantSchema,
  list: tenantsList,
  filterOf: (principal) => ({ tenantIds: principal.tenantIds }),
  present: presentTenant,
});

const readTenant = tenantRoute({
  method: 'get',
  path: tenant,
  summary: 'One tenant, with your role and rights',
  capability: 'tenant:read',
  params: NOTHING,
  query: NOTHING,
  body: NOTHING,
  answer: tenantSchema,
  statuses: [200],
  async handle({ tx, principal, authority }) {
    const row = await tx.db
      .selectFrom('tenants')
      .select(['id', 'name', 'created_at'])
      .where('id', '=', tx.tenantId)
      .executeTakeFirstOrThrow();
    return { status: 200, body: presentTenant({ ...row, role: authority.role }, principal) };
  },
});

function presentTenant(row: TenantRow, principal: Principal): Tenant {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    capabilities: [...heldCapabilities(principal, row.role)],
    createdAt: row.created_at.toISOString(),
    links: tenantLinks(row.id),
  };
}

const listCoverage = tenantListRoute({
  path: `${tenant}/coverage`,
  summary: 'What the connection can see of each policy type',
  capability: 'policies:read',
  params: NOTHING,
  filters: z.object({}),
  item: coverageSchema,
  list: coverageList,
  filterOf: () => ({}),
  present: (row) => ({
    type: row.policy_type,
    typeTitle: titleOfPolicyType(row.policy_type),
    state: row.state,
    reason: reasonOf(row.code),
    checkedAt: row.checked_at.toISOString(),
  }),
});
