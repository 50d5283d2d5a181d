import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { tenantRoute } from '../roots.ts';

export const policiesRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'policies',
  validateSearch: z.object({
    q: z.string().catch('').default(''),
    type: z.string().optional().catch(undefined),
    show: z.enum(['present', 'deleted', 'all']).catch('present').default('present'),
    sort: z.enum(['name', 'type']).catch('name').default('name'),
  }),
  component: lazyRouteComponent(
    () => import('../../features/policies/policies-page.tsx'),
    'PoliciesPage',
  ),
});

export const policyRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'policies/$policy',
  validateSearch: z.object({
    tab: z.enum(['versions', 'changes', 'json']).catch('versions').default('versions'),
    before: z.string().optional().catch(undefined),
    after: z.string().optional().catch(undefined),
  }),
  component: lazyRouteComponent(
    () => import('../../features/policies/policy-page.tsx'),
    'PolicyPage',
  ),
});

export const comparisonRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'compare/$comparison',
  validateSearch: z.object({
    kind: z
      .enum(['new', 'changed', 'gone', 'left_out', 'ambiguous', 'uncompared'])
      .optional()
      .catch(undefined),
  }),
  component: lazyRouteComponent(
    () => import('../../features/policies/comparison-page.tsx'),
    'ComparisonPage',
  ),
});
