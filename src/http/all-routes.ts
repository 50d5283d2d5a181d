import type { RunChanges } from '../runs/run-changes.ts';
import type { RunTypes } from '../runs/run-types.ts';
import type { Route } from './route.ts';
import { auditRoutes } from './routes/audit-routes.ts';
import { backupRoutes } from './routes/backup-routes.ts';
import { changeRoutes } from './routes/change-routes.ts';
import { comparisonRoutes } from './routes/comparison-routes.ts';
import { connectionRoutes } from './routes/connection-routes.ts';
import { differenceRoutes } from './routes/difference-routes.ts';
import { eventRoutes } from './routes/event-routes.ts';
import { groupRoutes } from './routes/group-routes.ts';
import { healthRoutes } from './routes/health-routes.ts';
import { liveRunRoutes } from './routes/live-run-routes.ts';
import { memberRoutes } from './routes/member-routes.ts';
import { notificationRoutes } from './routes/notification-routes.ts';
import { overviewRoutes } from './routes/overview-routes.ts';
import { policyRoutes } from './routes/policy-routes.ts';
import { restoreRoutes } from './routes/restore-routes.ts';
import { runRoutes } from './routes/run-routes.ts';
import { runTypeRoutes } from './routes/run-type-routes.ts';
import { sessionRoutes } from './routes/session-routes.ts';
import { startRunRoutes } from './routes/start-run-routes.ts';
import { tenantRoutes } from './routes/tenant-routes.ts';
import { userRoutes } from './routes/user-routes.ts';

/** Every route there is; the document, and the tests that visit each one, are made from this. */
export function allRoutes(runTypes: RunTypes, changes?: RunChanges): readonly Route[] {
  return [
    ...healthRoutes(),
    ...sessionRoutes(),
    ...userRoutes(),
    ...overviewRoutes(),
    ...tenantRoutes(),
    ...memberRoutes(),
    ...connectionRoutes(),
    ...runTypeRoutes(runTypes),
    ...startRunRoutes(runTypes),
    ...runRoutes(runTypes),
    ...liveRunRoutes(runTypes),
    ...eventRoutes(changes),
    ...policyRoutes(),
    ...groupRoutes(),
    ...backupRoutes(),
    ...changeRoutes(),
    ...restoreRoutes(),
    ...comparisonRoutes(),
    ...differenceRoutes(),
    ...notificationRoutes(runTypes),
    ...auditRoutes(),
  ];
}
