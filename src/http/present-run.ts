import type { Run } from '../api/runs.ts';
import type { TenantId } from '../kernel/ids.ts';
import type { RunRow } from '../runs/find-run.ts';
import type { RunTypes } from '../runs/run-types.ts';
import { runLinks } from './links.ts';
import { reasonOf } from './reason-of.ts';

/** A run as clients see it. */
export function presentRun(row: RunRow, tenantId: TenantId, runTypes: RunTypes): Run {
  return {
    id: row.id,
    type: row.type,
    title: titleOf(row.type, runTypes),
    target: row.target,
    phase: row.phase,
    outcome: row.outcome,
    reason: reasonOf(row.code),
    counts: {
      total: row.items_total,
      succeeded: row.items_succeeded,
      skipped: row.items_skipped,
      failed: row.items_failed,
      unknown: row.items_unknown,
    },
    plannedAt: instantOf(row.planned_at),
    graph: { calls: row.graph_calls, callsSaved: row.graph_calls_saved, throttled: row.throttled },
    initiator: { kind: row.initiator_kind, label: row.initiator_label },
    connectionId: row.connection_id,
    policyId: row.policy_id,
    backupId: row.backup_id,
    createdAt: row.created_at.toISOString(),
    runAt: row.run_at.toISOString(),
    startedAt: instantOf(row.started_at),
    endedAt: instantOf(row.ended_at),
    cancelRequestedAt: instantOf(row.cancel_requested_at),
    revision: row.revision,
    links: runLinks(tenantId, row.id),
  };
}

/** A run outlives its type: one that this version does not have any more shows its name. */
export function titleOf(type: string, runTypes: RunTypes): string {
  return runTypes.get(type)?.title ?? type;
}

export function instantOf(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
