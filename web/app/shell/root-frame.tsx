import { Notifications } from '@mantine/notifications';
import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';

/** A dialog that is seldom seen. */
const ConfirmIdentity = lazy(() => import('../../shared/confirm-identity/confirm-identity.tsx'));

/** Around every page; toasts link to pages, so they are inside of the router. */
export function RootFrame() {
  return (
    <Suspense fallback={<LoadingRows />}>
      <Outlet />
      <Suspense>
        <ConfirmIdentity />
      </Suspense>
      <Notifications position="bottom-right" limit={4} autoClose={6_000} />
    </Suspense>
  );
}
