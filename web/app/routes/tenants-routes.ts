import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../roots.ts';

export const connectionRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'connection',
  component: lazyRouteComponent(
    () => import('../../features/tenants/connection-page.tsx'),
    'ConnectionPage',
  ),
});

export const auditRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'audit',
  component: lazyRouteComponent(() => import('../../features/tenants/audit-page.tsx'), 'AuditPage'),
});

export const membersRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'members',
  component: lazyRouteComponent(
    () => import('../../features/tenants/members-page.tsx'),
    'MembersPage',
  ),
});
