import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedInRoute, tenantRoute } from '../roots.ts';

export const overviewRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  component: lazyRouteComponent(
    () => import('../../features/overview/overview-page.tsx'),
    'OverviewPage',
  ),
});

export const tenantHomeRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/',
  component: lazyRouteComponent(
    () => import('../../features/overview/tenant-home-page.tsx'),
    'TenantHomePage',
  ),
});
