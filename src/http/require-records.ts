import { sql } from 'kysely';
import type { Principal } from '../access/principal.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { AppError } from '../kernel/errors.ts';
import type { RecordId, RecordKind } from './record-ids.ts';

const TABLES = {
  run: 'runs',
  policy: 'policies',
  version: 'policy_versions',
  backup: 'backups',
  restore: 'restores',
  comparison: 'comparisons',
  connection: 'connections',
  notification: 'notifications',
} as const satisfies Record<RecordKind, string>;

/**
 * Refuses what this tenant does not hold: a foreign record and one that does not exist are the
 * same to this statement. One round trip per kind that is named.
 * @throws AppError forbidden
 */
export async function requireRecords(
  tx: TenantTx,
  principal: Principal,
  records: readonly RecordId[],
): Promise<void> {
  for (const [kind, named] of Map.groupBy(records, (record) => record.kind)) {
    const ids = [...new Set(named.map((record) => record.id))];
    const isOwn = kind === 'notification' ? sql`and r.user_id = ${principal.userId}` : sql.raw('');
    const { rows } = await sql<{ found: number }>`
      select count(*)::integer as found from ${sql.table(TABLES[kind])} r
      where r.tenant_id = ${tx.tenantId} and r.id = any(${ids}::uuid[]) ${isOwn}`.execute(tx.db);
    if (rows[0]?.found !== ids.length) throw new AppError('forbidden');
  }
}
