import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../roots.ts';

export const backupsRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'backups',
  component: lazyRouteComponent(
    () => import('../../features/backups/backups-page.tsx'),
    'BackupsPage',
  ),
});

export const newBackupRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'backups/new',
  component: lazyRouteComponent(
    () => import('../../features/backups/new-backup-page.tsx'),
    'NewBackupPage',
  ),
});

export const backupRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'backups/$backup',
  component: lazyRouteComponent(
    () => import('../../features/backups/backup-page.tsx'),
    'BackupPage',
  ),
});
