import { createRootRoute, createRoute } from '@tanstack/react-router';
import { RootFrame } from './shell/root-frame.tsx';
import { SignedInFrame } from './shell/signed-in-frame.tsx';
import { TenantFrame } from './shell/tenant-frame.tsx';

/** What every page hangs from: pages for strangers hang from here. */
export const rootRoute = createRootRoute({ component: RootFrame });

/** Pages for people: with the header; who is not signed in is sent to sign in, and back. */
export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  component: SignedInFrame,
});

/** Pages of one tenant: with its navigation. */
export const tenantRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: 't/$tenant',
  component: TenantFrame,
});
