import { sql } from 'kysely';
import type { TenantTx } from '../../db/tenant-tx.ts';
import { HOUR } from '../../kernel/durations.ts';
import { AppError } from '../../kernel/errors.ts';
import type { RestoreId, UserId } from '../../kernel/ids.ts';
import { requireWriteGate } from '../../tenants/write-gate.ts';
import { requireRestore } from '../find-restore.ts';
import { requireRightOf } from './gate.ts';

/**
 * Whether decisions about a restore may be carried out: the same gate as for the restore itself,
 * but that a decision stands in the place of the preview, and is as young.
 * @throws AppError the first thing that stands in the way
 */
export async function requireResolvable(tx: TenantTx, id: RestoreId): Promise<void> {
  const restore = await requireRestore(tx, id);
  if (restore.state !== 'ended') throw new AppError('restore.not_executed');
  const { rows } = await sql<{ user_id: UserId | null; expired: boolean }>`
    select decided_user_id as user_id,
      bool_or(decided_at <= clock_timestamp() - ${HOUR} * interval '1 millisecond') as expired
    from restore_items
    where tenant_id = ${tx.tenantId} and restore_id = ${id} and decision is not null
    group by decided_user_id`.execute(tx.db);
  if (rows.length === 0) throw new AppError('restore.no_decision');
  if (rows.some(({ expired }) => expired)) throw new AppError('restore.decision_expired');
  for (const { user_id } of rows) await requireRightOf(tx, user_id);
  await requireWriteGate(tx);
}
