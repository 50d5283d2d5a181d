import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { PolicyType } from '../graph/contracts/list.ts';
import { type BackupId, type PolicyId, policyIdSchema, type VersionId } from '../kernel/ids.ts';

export interface BackupItemFilter {
  readonly backupId: BackupId;
  /** Only those whose version this backup made, or only those it refers to. */
  readonly isNew?: boolean | undefined;
}

export interface BackupItemRow {
  readonly policy_id: PolicyId;
  readonly version_id: VersionId;
  readonly is_new: boolean;
  readonly metadata_only: boolean;
  readonly secret_values_missing: boolean;
  readonly type: PolicyType;
  readonly name: string;
  readonly number: number;
  readonly content_hash: Buffer;
}

/** What a backup holds, in the order of the policies' ids. */
export const backupItemsList: KeysetList<TenantTx, BackupItemFilter, BackupItemRow, [PolicyId]> = {
  name: (filter) => `backup-items/${filter.backupId}`,
  key: z.tuple([policyIdSchema]),
  keyOf: (row) => [row.policy_id],
  select(tx, filter, { after, limit }) {
    let page = tx.db
      .selectFrom('backup_items')
      .select(['tenant_id', 'policy_id', 'version_id', 'is_new', 'metadata_only'])
      .select('secret_values_missing')
      .where('tenant_id', '=', tx.tenantId)
      .where('backup_id', '=', filter.backupId)
      .orderBy('policy_id')
      .limit(limit);
    if (after !== undefined) page = page.where('policy_id', '>', after[0]);
    if (filter.isNew !== undefined) page = page.where('is_new', '=', filter.isNew);
    // The page is cut before the joins, or all versions of the tenant may be joined for it.
    return tx.db
      .selectFrom(page.as('i'))
      .innerJoin('policies as p', (join) =>
        join.onRef('p.tenant_id', '=', 'i.tenant_id').onRef('p.id', '=', 'i.policy_id'),
      )
      .innerJoin('policy_versions as v', (join) =>
        join.onRef('v.tenant_id', '=', 'i.tenant_id').onRef('v.id', '=', 'i.version_id'),
      )
      .select(['i.policy_id', 'i.version_id', 'i.is_new', 'i.metadata_only'])
      .select(['i.secret_values_missing', 'p.type', 'v.name', 'v.number', 'v.content_hash'])
      .orderBy('i.policy_id');
  },
};
