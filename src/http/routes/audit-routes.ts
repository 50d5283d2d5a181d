import { z } from 'zod';
import { auditEntrySchema } from '../../api/audit.ts';
import { auditList } from '../../audit/list-audit.ts';
import { tenantListRoute } from '../list-route.ts';
import { type GuardedRoute, NOTHING } from '../route.ts';

/** Who did what. */
export function auditRoutes(): GuardedRoute[] {
  return [listAudit];
}

const listAudit = tenantListRoute({
  path: '/api/tenants/{tenant}/audit',
  summary: 'What was done in this tenant, newest first',
  capability: 'audit:read',
  params: NOTHING,
  filters: z.object({}),
  item: auditEntrySchema,
  list: auditList,
  filterOf: () => ({}),
  present: (row) => ({
    id: row.id,
    at: row.at.toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id, label: row.actor_label },
    action: row.action,
    subject: { kind: row.subject_kind, id: row.subject_id },
    details: row.details,
  }),
});
