import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type { AuditEntriesTable } from '../db/tables/audit-entries.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { type AuditId, auditIdSchema } from '../kernel/ids.ts';

const COLUMNS = [
  'id',
  'at',
  'actor_kind',
  'actor_id',
  'actor_label',
  'action',
  'subject_kind',
  'subject_id',
  'details',
] as const satisfies readonly (keyof AuditEntriesTable)[];

export type AuditRow = Pick<Selectable<AuditEntriesTable>, (typeof COLUMNS)[number]>;

/** What was done in a tenant, newest first. */
export const auditList: KeysetList<TenantTx, object, AuditRow, [AuditId]> = {
  name: () => 'audit',
  key: z.tuple([auditIdSchema]),
  keyOf: (row) => [row.id],
  select(tx, _filter, { after, limit }) {
    const query = tx.db
      .selectFrom('audit_entries')
      .select(COLUMNS)
      .where('tenant_id', '=', tx.tenantId)
      .orderBy('id', 'desc')
      .limit(limit);
    return after === undefined ? query : query.where('id', '<', after[0]);
  },
};
