import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type { Phase } from '../db/tables/runs.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { type BackupId, type PolicyId, type RunId, runIdSchema } from '../kernel/ids.ts';
import { RUN_COLUMNS, type RunRow } from './find-run.ts';

export interface RunFilter {
  readonly type?: string | undefined;
  readonly phase?: Phase | undefined;
  /** Queued or running. */
  readonly isLive?: boolean | undefined;
  readonly policyId?: PolicyId | undefined;
  readonly backupId?: BackupId | undefined;
}

/** Runs of a tenant, newest first. */
export const runsList: KeysetList<TenantTx, RunFilter, RunRow, [RunId]> = {
  name: () => 'runs',
  key: z.tuple([runIdSchema]),
  keyOf: (row) => [row.id],
  select(tx, filter, { after, limit }) {
    let query = tx.db
      .selectFrom('runs')
      .select(RUN_COLUMNS)
      .where('tenant_id', '=', tx.tenantId)
      .orderBy('id', 'desc')
      .limit(limit);
    if (after !== undefined) query = query.where('id', '<', after[0]);
    if (filter.type !== undefined) query = query.where('type', '=', filter.type);
    if (filter.phase !== undefined) query = query.where('phase', '=', filter.phase);
    if (filter.isLive !== undefined) {
      query = query.where('phase', filter.isLive ? '<>' : '=', 'ended');
    }
    if (filter.policyId !== undefined) query = query.where('policy_id', '=', filter.policyId);
    if (filter.backupId !== undefined) query = query.where('backup_id', '=', filter.backupId);
    return query;
  },
};
