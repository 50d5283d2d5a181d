import { addPolicies } from '../backups/add-policies.ts';
import { captureSnapshot } from '../backups/capture-snapshot.ts';
import { createBackup } from '../backups/create-backup.ts';
import { syncGroups } from '../policies/groups/sync-groups.ts';
import { syncPolicies } from '../policies/sync-policies.ts';
import { planRestore } from '../restores/plan-restore.ts';
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
]);
