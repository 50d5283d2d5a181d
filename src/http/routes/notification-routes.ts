import { z } from 'zod';
import {
  notificationsReadSchema,
  personNotificationSchema,
  readNotificationsSchema,
  tenantNotificationSchema,
} from '../../api/notifications.ts';
import { notificationsList } from '../../notifications/list-notifications.ts';
import { personNotificationsList } from '../../notifications/list-person-notifications.ts';
import { readNotifications } from '../../notifications/read-notifications.ts';
import type { RunTypes } from '../../runs/run-types.ts';
import { runLinks } from '../links.ts';
import { personListRoute, tenantListRoute } from '../list-route.ts';
import { instantOf, titleOf } from '../present-run.ts';
import { type GuardedRoute, NOTHING, tenantRoute } from '../route.ts';

const notifications = '/api/tenants/{tenant}/notifications';

/** What became of the runs that one asked for. */
export function notificationRoutes(runTypes: RunTypes): GuardedRoute[] {
  return [listInTenant(runTypes), markRead, listOfPerson];
}

const listInTenant = (runTypes: RunTypes) =>
  tenantListRoute({
    path: notifications,
    summary: 'Your notifications in this tenant, newest first',
    capability: 'runs:read',
    params: NOTHING,
    filters: z.object({}),
    item: tenantNotificationSchema,
    list: notificationsList,
    filterOf: ({ principal }) => ({ userId: principal.userId }),
    present: (row, tenantId) => ({
      id: row.id,
      tenantId,
      runId: row.run_id,
      state: row.state,
      createdAt: row.created_at.toISOString(),
      updatedAt: row.updated_at.toISOString(),
      readAt: instantOf(row.read_at),
      runType: row.type,
      title: titleOf(row.type, runTypes),
      outcome: row.outcome,
      links: { run: runLinks(tenantId, row.run_id).self },
    }),
  });

const markRead = tenantRoute({
  method: 'post',
  path: `${notifications}/read`,
  summary: 'Marks notifications of yours as read',
  capability: 'runs:read',
  params: NOTHING,
  query: NOTHING,
  body: readNotificationsSchema,
  answer: notificationsReadSchema,
  statuses: [200],
  async handle({ tx, principal, body }) {
    const read = await readNotifications(tx, principal.userId, body.ids);
    return { status: 200, body: { read } };
  },
});

const listOfPerson = personListRoute({
  path: '/api/notifications',
  summary: 'Your notifications in all your tenants, newest first',
  item: personNotificationSchema,
  list: personNotificationsList,
  filterOf: (principal) => ({
    // A token that may not see runs is told of none.
    tenantIds: principal.scopes.includes('runs:read') ? principal.tenantIds : [],
  }),
  present: (row) => ({
    id: row.id,
    tenantId: row.tenant_id,
    tenantName: row.tenant_name,
    runId: row.run_id,
    state: row.state,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    readAt: instantOf(row.read_at),
    links: { run: runLinks(row.tenant_id, row.run_id).self },
  }),
});
