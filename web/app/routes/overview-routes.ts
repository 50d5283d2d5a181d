import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { signedInRoute, tenantRoute } from '../roots.ts';

export const overviewRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  validateSearch: z.object({
    q: z.string().catch('').default(''),
    show: z.enum(['all', 'need']).catch('all').default('all'),
  }),
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
