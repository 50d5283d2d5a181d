import { addPolicies } from '../backups/add-policies.ts';
import { captureSnapshot } from '../backups/capture-snapshot.ts';
import { createBackup } from '../backups/create-backup.ts';
import { compareLive } from '../comparisons/compare-live.ts';
import { compareTenants } from '../comparisons/compare-tenants.ts';
import { compareWholeBackups } from '../comparisons/compare-whole-backups.ts';
import { syncGroups } from '../policies/groups/sync-groups.ts';
import { syncPolicies } from '../policies/sync-policies.ts';
import { executeRestore } from '../restores/execute-restore.ts';
import { planRestore } from '../restores/plan-restore.ts';
import { resolveRestore } from '../restores/resolve-restore.ts';
import { RunTypes } from '../runs/run-types.ts';
import { verifyConnection } from '../tenants/verify-connection.ts';

/** Every kind of run there is. A name that is listed twice stops the process at its start. */
export const runTypes = new RunTypes([
  verifyConnection,
  syncPolicies,
  syncGroups,
  captureSnapshot,
  createBackup,
  addPolicies,
  planRestore,
  executeRestore,
  resolveRestore,
  compareLive,
  compareWholeBackups,
  compareTenants,
]);
