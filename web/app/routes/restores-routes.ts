import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { tenantRoute } from '../roots.ts';

export const restoresRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'restores',
  component: lazyRouteComponent(
    () => import('../../features/restores/restores-page.tsx'),
    'RestoresPage',
  ),
});

export const restoreRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'restores/$restore',
  validateSearch: z.object({
    step: z
      .enum(['items', 'mapping', 'preview', 'confirm', 'progress'])
      .optional()
      .catch(undefined),
    show: z.string().optional().catch(undefined),
  }),
  component: lazyRouteComponent(
    () => import('../../features/restores/restore-page.tsx'),
    'RestorePage',
  ),
});
