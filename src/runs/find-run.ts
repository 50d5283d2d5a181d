import type { Selectable } from 'kysely';
import type { RunsTable } from '../db/tables/runs.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { RunId } from '../kernel/ids.ts';

/** What a page shows of a run; what only the queue needs stays out. */
export const RUN_COLUMNS = [
  'id',
  'type',
  'target',
  'phase',
  'outcome',
  'code',
  'items_total',
  'items_succeeded',
  'items_skipped',
  'items_failed',
  'items_unknown',
  'graph_calls',
  'graph_calls_saved',
  'throttled',
  'initiator_kind',
  'initiator_label',
  'run_at',
  'cancel_requested_at',
  'revision',
  'planned_at',
  'created_at',
  'started_at',
  'ended_at',
  'connection_id',
  'policy_id',
  'backup_id',
] as const satisfies readonly (keyof RunsTable)[];

export type RunRow = Pick<Selectable<RunsTable>, (typeof RUN_COLUMNS)[number]>;

/** One run of this tenant, with its input; undefined when there is none. */
export function findRun(
  tx: TenantTx,
  id: RunId,
): Promise<(RunRow & Pick<Selectable<RunsTable>, 'input'>) | undefined> {
  return tx.db
    .selectFrom('runs')
    .select([...RUN_COLUMNS, 'input'])
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}
