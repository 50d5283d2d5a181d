import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../roots.ts';

export const restoresRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'restores',
  component: lazyRouteComponent(
    () => import('../../features/restores/restores-page.tsx'),
    'RestoresPage',
  ),
});

export const newRestoreRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'restores/new',
  component: lazyRouteComponent(
    () => import('../../features/restores/new-restore-page.tsx'),
    'NewRestorePage',
  ),
});

export const restoreRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'restores/$restore',
  component: lazyRouteComponent(
    () => import('../../features/restores/restore-page.tsx'),
    'RestorePage',
  ),
});
