import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { rootRoute, signedInRoute } from '../roots.ts';

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'sign-in',
  validateSearch: z.object({ next: z.string().optional().catch(undefined) }),
  component: lazyRouteComponent(
    () => import('../../features/people/sign-in-page.tsx'),
    'SignInPage',
  ),
});

export const setUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'set-up',
  component: lazyRouteComponent(() => import('../../features/people/set-up-page.tsx'), 'SetUpPage'),
});

export const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: 'account',
  component: lazyRouteComponent(
    () => import('../../features/people/account-page.tsx'),
    'AccountPage',
  ),
});

export const usersRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: 'users',
  component: lazyRouteComponent(() => import('../../features/people/users-page.tsx'), 'UsersPage'),
});
