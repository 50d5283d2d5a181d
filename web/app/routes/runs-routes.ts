import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../roots.ts';

export const runsRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'runs',
  component: lazyRouteComponent(() => import('../../features/runs/runs-page.tsx'), 'RunsPage'),
});

export const runRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'runs/$run',
  component: lazyRouteComponent(() => import('../../features/runs/run-page.tsx'), 'RunPage'),
});
