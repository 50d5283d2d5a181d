import { rootRoute, signedInRoute, tenantRoute } from './roots.ts';
import { backupRoute, backupsRoute, newBackupRoute } from './routes/backups-routes.ts';
import { overviewRoute, tenantHomeRoute } from './routes/overview-routes.ts';
import { accountRoute, setUpRoute, signInRoute, usersRoute } from './routes/people-routes.ts';
import { comparisonRoute, policiesRoute, policyRoute } from './routes/policies-routes.ts';
import { restoreRoute, restoresRoute } from './routes/restores-routes.ts';
import { runRoute, runsRoute } from './routes/runs-routes.ts';
import { auditRoute, connectionRoute, membersRoute } from './routes/tenants-routes.ts';

/** The pages of one tenant. */
const tenantPages = tenantRoute.addChildren([
  tenantHomeRoute,
  runsRoute,
  runRoute,
  policiesRoute,
  policyRoute,
  comparisonRoute,
  backupsRoute,
  newBackupRoute,
  backupRoute,
  restoresRoute,
  restoreRoute,
  connectionRoute,
  membersRoute,
  auditRoute,
]);

/** Every page there is; each feature has a file of routes in `routes/` and its lines here. */
export const routeTree = rootRoute.addChildren([
  signInRoute,
  setUpRoute,
  signedInRoute.addChildren([overviewRoute, accountRoute, usersRoute, tenantPages]),
]);
