import type { NotNull } from 'kysely';
import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { PolicyType } from '../graph/contracts/list.ts';
import type { PolicyId, RestoreId } from '../kernel/ids.ts';

export interface DanglingRow {
  readonly policy_id: PolicyId;
  readonly type: PolicyType;
  readonly name: string;
  readonly at: string;
  readonly kind: string;
  readonly old_id: string;
  readonly new_id: string;
}

/** Policies that refer to objects by ids that are gone since they were made anew by a restore. */
export const danglingList: KeysetList<
  TenantTx,
  { readonly restoreId: RestoreId },
  DanglingRow,
  [string, string, string]
> = {
  name: ({ restoreId }) => `restore-references/${restoreId}`,
  key: z.tuple([z.uuid(), z.string(), z.string()]),
  keyOf: (row) => [row.policy_id, row.at, row.old_id],
  select(tx, { restoreId }, { after, limit }) {
    // Names are looked up for what is shown, and not joined: that would read the whole inventory.
    const query = tx.db
      .selectFrom('restore_dangling as d')
      .select(['d.policy_id', 'd.at', 'd.kind', 'd.old_id', 'd.new_id'])
      .select(({ selectFrom }) => {
        const policy = selectFrom('policies as p')
          .where('p.tenant_id', '=', tx.tenantId)
          .whereRef('p.id', '=', 'd.policy_id');
        return [policy.select('p.type').as('type'), policy.select('p.name').as('name')];
      })
      .where('d.tenant_id', '=', tx.tenantId)
      .where('d.restore_id', '=', restoreId)
      .orderBy('d.policy_id')
      .orderBy('d.at')
      .orderBy('d.old_id')
      .limit(limit)
      .$narrowType<{ type: NotNull; name: NotNull }>();
    if (after === undefined) return query;
    const [policyId, at, oldId] = after;
    return query.where(({ eb, refTuple, tuple, cast }) =>
      eb(
        refTuple('d.policy_id', 'd.at', 'd.old_id'),
        '>',
        tuple(cast<PolicyId>(eb.val(policyId), 'uuid'), at, oldId),
      ),
    );
  },
};
