import { heldCapabilities } from '../access/authorise.ts';
import type { Principal } from '../access/principal.ts';
import {
  type Attention,
  attentionSchema,
  OVERVIEW_TENANTS_MAX,
  type Overview,
  type OverviewTenant,
} from '../api/overview.ts';
import { DAY } from '../kernel/durations.ts';
import type { OverviewRow } from '../tenants/read-overview.ts';
import { instantOf } from './present-run.ts';

/** All of them, worst first. */
export function presentOverview(
  rows: readonly OverviewRow[],
  principal: Principal,
  now: Date,
): Overview {
  const shown = rows.slice(0, OVERVIEW_TENANTS_MAX);
  const tenants = shown.map((row) => presentTenant(row, principal, now)).sort(byAttention);
  return {
    tenants,
    backedUp: shown.filter((row) => isFresh(row.last_complete, now)).length,
    needYou: tenants.filter(({ attention }) => attention !== 'none').length,
    isCut: rows.length > OVERVIEW_TENANTS_MAX,
  };
}

function presentTenant(row: OverviewRow, principal: Principal, now: Date): OverviewTenant {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    capabilities: [...heldCapabilities(principal, row.role)],
    attention: attentionOf(row, now),
    connection: row.connection_id && {
      id: row.connection_id,
      verifiedAt: instantOf(row.verified_at),
    },
    coverage: {
      covered: row.covered,
      notLicensed: row.not_licensed,
      notPermitted: row.not_permitted,
      refused: row.refused,
    },
    lastBackup: presentBackup(row.last_backup),
    lastCompleteBackup: presentBackup(row.last_complete),
    changesSince: row.changes_since,
    failedRuns: row.failed_runs,
    liveRuns: row.live_runs,
  };
}

/** The worst that is the matter; what a backup in the making will mend is not told of. */
function attentionOf(row: OverviewRow, now: Date): Attention {
  if (row.connection_id === null) return 'not_connected';
  const isBuilding = row.last_backup?.state === 'building';
  if (row.last_complete === null && !isBuilding) {
    return row.last_backup === null ? 'backup_absent' : 'backup_failed';
  }
  if (row.verified_at === null && row.last_backup === null) return 'not_verified';
  if (!isFresh(row.last_complete, now) && !isBuilding) return 'backup_stale';
  if (row.last_backup?.state === 'incomplete') return 'backup_incomplete';
  return row.failed_runs > 0 ? 'runs_failed' : 'none';
}

function isFresh(backup: OverviewRow['last_complete'], now: Date): boolean {
  return backup !== null && now.getTime() - backup.created_at.getTime() <= DAY;
}

function presentBackup(backup: OverviewRow['last_backup']): OverviewTenant['lastBackup'] {
  return backup && { id: backup.id, state: backup.state, at: backup.created_at.toISOString() };
}

function byAttention(one: OverviewTenant, other: OverviewTenant): number {
  const order = attentionSchema.options;
  const worse = order.indexOf(one.attention) - order.indexOf(other.attention);
  return worse === 0 ? one.name.localeCompare(other.name) : worse;
}
