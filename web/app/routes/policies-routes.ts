import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../roots.ts';

export const policiesRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'policies',
  component: lazyRouteComponent(
    () => import('../../features/policies/policies-page.tsx'),
    'PoliciesPage',
  ),
});

export const policyRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'policies/$policy',
  component: lazyRouteComponent(
    () => import('../../features/policies/policy-page.tsx'),
    'PolicyPage',
  ),
});

export const versionsRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'policies/$policy/compare',
  component: lazyRouteComponent(
    () => import('../../features/policies/versions-compared-page.tsx'),
    'VersionsComparedPage',
  ),
});

export const comparisonsRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'compare',
  component: lazyRouteComponent(
    () => import('../../features/policies/comparisons-page.tsx'),
    'ComparisonsPage',
  ),
});

export const comparisonRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'compare/$comparison',
  component: lazyRouteComponent(
    () => import('../../features/policies/comparison-page.tsx'),
    'ComparisonPage',
  ),
});
