import { createRouter } from '@tanstack/react-router';
import { routeTree } from './route-tree.ts';
import { BrokenPage } from './shell/broken-page.tsx';
import { NotFoundPage } from './shell/not-found-page.tsx';

/** One router; links to pages that do not exist do not compile. */
export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  // the server cache decides what is fresh, not the router
  defaultPreloadStaleTime: 0,
  defaultNotFoundComponent: NotFoundPage,
  defaultErrorComponent: BrokenPage,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
