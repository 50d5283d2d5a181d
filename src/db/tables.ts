import type { ApiTokensTable } from './tables/api-tokens.ts';
import type { AuditEntriesTable } from './tables/audit-entries.ts';
import type { BackupItemsTable } from './tables/backup-items.ts';
import type { BackupsTable } from './tables/backups.ts';
import type { ConnectionsTable } from './tables/connections.ts';
import type { CoverageTable } from './tables/coverage.ts';
import type { DirectoryGroupsTable } from './tables/directory-groups.ts';
import type { IdempotencyKeysTable } from './tables/idempotency-keys.ts';
import type { LanesTable } from './tables/lanes.ts';
import type { MembershipsTable } from './tables/memberships.ts';
import type { NotificationsTable } from './tables/notifications.ts';
import type { PoliciesTable } from './tables/policies.ts';
import type { PolicyVersionsTable } from './tables/policy-versions.ts';
import type { RunItemsTable } from './tables/run-items.ts';
import type { RunRequestersTable } from './tables/run-requesters.ts';
import type { RunsTable } from './tables/runs.ts';
import type { SecurityEventsTable } from './tables/security-events.ts';
import type { SnapshotsTable } from './tables/snapshots.ts';
import type { TenantKeysTable } from './tables/tenant-keys.ts';
import type { TenantsTable } from './tables/tenants.ts';
import type { UsersTable } from './tables/users.ts';
import type { WorkersTable } from './tables/workers.ts';

/** Every table of the application, for Kysely. */
export interface Tables {
  users: UsersTable;
  api_tokens: ApiTokensTable;
  security_events: SecurityEventsTable;
  tenants: TenantsTable;
  memberships: MembershipsTable;
  tenant_keys: TenantKeysTable;
  connections: ConnectionsTable;
  coverage: CoverageTable;
  audit_entries: AuditEntriesTable;
  runs: RunsTable;
  run_items: RunItemsTable;
  run_requesters: RunRequestersTable;
  notifications: NotificationsTable;
  idempotency_keys: IdempotencyKeysTable;
  lanes: LanesTable;
  workers: WorkersTable;
  policies: PoliciesTable;
  snapshots: SnapshotsTable;
  policy_versions: PolicyVersionsTable;
  backups: BackupsTable;
  backup_items: BackupItemsTable;
  directory_groups: DirectoryGroupsTable;
}
