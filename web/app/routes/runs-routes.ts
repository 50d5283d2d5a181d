import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { tenantRoute } from '../roots.ts';

export const runsRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'runs',
  validateSearch: z.object({
    type: z.string().optional().catch(undefined),
    phase: z.enum(['queued', 'running', 'ended']).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('../../features/runs/runs-page.tsx'), 'RunsPage'),
});

export const runRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'runs/$run',
  validateSearch: z.object({
    show: z
      .enum(['all', 'failed', 'unknown', 'skipped', 'pending', 'succeeded'])
      .catch('all')
      .default('all'),
  }),
  component: lazyRouteComponent(() => import('../../features/runs/run-page.tsx'), 'RunPage'),
});
