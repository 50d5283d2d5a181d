import { AppShell, Box } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { Suspense, useEffect, useState } from 'react';
import { listenToRuns } from '../../shared/live/live-stream.ts';
import { FailedState } from '../../shared/page/failed-state.tsx';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';
import { useSession } from '../../shared/session/use-session.ts';
import { useTenantId } from '../../shared/tenant/use-tenant.ts';
import { Header } from './header.tsx';
import { Navigation } from './navigation.tsx';
import classes from './shell.module.css';

/** Around the pages of people who are signed in: header, navigation, and the page itself. */
export function SignedInFrame() {
  const session = useSession();
  if (session.error !== null && session.data === undefined) {
    return (
      <Box p="lg">
        <FailedState error={session.error} retry={() => session.refetch()} />
      </Box>
    );
  }
  if (session.data === undefined) return <LoadingRows />;
  return session.data === null ? <ToSignIn /> : <Frame />;
}

/** With where one wanted to go, which is not where one is any more once it has begun. */
function ToSignIn() {
  const { href } = useLocation();
  const [next] = useState(href === '/' ? undefined : href);
  const navigate = useNavigate();
  // once: each further navigation would take back the one before while its page is loaded
  useEffect(
    () => void navigate({ to: '/sign-in', search: { next }, replace: true }),
    [navigate, next],
  );
  return null;
}

function Frame() {
  const cache = useQueryClient();
  useEffect(() => listenToRuns(cache), [cache]);
  const [isOpen, menu] = useDisclosure(false);
  const hasTenant = useTenantId() !== null;
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu
  useEffect(() => menu.close(), [pathname]);
  return (
    <AppShell
      padding="md"
      header={{ height: 52 }}
      navbar={{
        width: 208,
        breakpoint: 'sm',
        collapsed: { mobile: !isOpen, desktop: !hasTenant },
      }}
    >
      <a href="#main" className={classes.skip}>
        Skip to content
      </a>
      <AppShell.Header>
        <Header isMenuOpen={isOpen} toggleMenu={menu.toggle} />
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={hasTenant ? 'Tenant' : 'Main'}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <Suspense fallback={<LoadingRows />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}
