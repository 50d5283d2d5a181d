import { Outlet } from '@tanstack/react-router';
import { Suspense } from 'react';
import { LoadingRows } from '../../shared/page/loading-rows.tsx';

/** Around every page. */
export function RootFrame() {
  return (
    <Suspense fallback={<LoadingRows />}>
      <Outlet />
    </Suspense>
  );
}
