import {
  type Icon,
  IconActivity,
  IconArchive,
  IconArrowBackUp,
  IconHistory,
  IconHome,
  IconPlugConnected,
  IconShieldCog,
  IconUsers,
} from '@tabler/icons-react';
import type { Capability } from '../../src/kernel/capabilities.ts';

/**
 * The navigation of a tenant, in its order: a page has its line here. Who may not do what it
 * `needs` is not shown the page.
 */
export const TENANT_PAGES = [
  { to: '/t/$tenant', label: 'Home', icon: IconHome, needs: 'tenant:read' },
  { to: '/t/$tenant/policies', label: 'Policies', icon: IconShieldCog, needs: 'policies:read' },
  { to: '/t/$tenant/backups', label: 'Backups', icon: IconArchive, needs: 'backups:read' },
  { to: '/t/$tenant/restores', label: 'Restores', icon: IconArrowBackUp, needs: 'backups:read' },
  { to: '/t/$tenant/runs', label: 'Runs', icon: IconActivity, needs: 'runs:read' },
  { to: '/t/$tenant/audit', label: 'Audit', icon: IconHistory, needs: 'audit:read' },
  { to: '/t/$tenant/members', label: 'Members', icon: IconUsers, needs: 'tenant:read' },
  {
    to: '/t/$tenant/connection',
    label: 'Connection',
    icon: IconPlugConnected,
    needs: 'tenant:read',
  },
] as const satisfies readonly { to: string; label: string; icon: Icon; needs: Capability }[];
