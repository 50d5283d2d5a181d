import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
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
  validateSearch: z.object({
    tab: z.enum(['items', 'new', 'changes']).catch('items').default('items'),
  }),
  component: lazyRouteComponent(
    () => import('../../features/backups/backup-page.tsx'),
    'BackupPage',
  ),
});
