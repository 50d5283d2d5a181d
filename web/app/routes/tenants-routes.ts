import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedInRoute, tenantRoute } from '../roots.ts';

export const membersRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'members',
  component: lazyRouteComponent(
    () => import('../../features/tenants/members-page.tsx'),
    'MembersPage',
  ),
});

export const connectionRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'connection',
  component: lazyRouteComponent(
    () => import('../../features/tenants/connection-page.tsx'),
    'ConnectionPage',
  ),
});

export const settingsRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'settings',
  component: lazyRouteComponent(
    () => import('../../features/tenants/settings-page.tsx'),
    'SettingsPage',
  ),
});

export const auditRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'audit',
  component: lazyRouteComponent(() => import('../../features/tenants/audit-page.tsx'), 'AuditPage'),
});

export const addTenantRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: 'add-tenant',
  component: lazyRouteComponent(
    () => import('../../features/tenants/add-tenant-page.tsx'),
    'AddTenantPage',
  ),
});
