import { sql } from 'kysely';
import type { TenantTx } from '../../db/tenant-tx.ts';
import { rolesHolding } from '../../kernel/capabilities.ts';
import { AppError } from '../../kernel/errors.ts';
import type { RestoreId, UserId } from '../../kernel/ids.ts';
import type { GateMoment } from '../../runs/run-type.ts';
import { requireWriteGate } from '../../tenants/write-gate.ts';
import { type Restore, requireNotExecuted, requireRestore } from '../find-restore.ts';
import { findStaleness } from '../planning/find-staleness.ts';
import { isPlanFresh } from '../planning/fingerprint.ts';

/**
 * Whether a restore may be carried out as its preview says (law 10): confirmed, by somebody who may
 * still do so, fresh, and the tenant open for writing. Asked when the run is started and again when
 * it begins; then also whether every byte that it rests on is the one that was stored.
 * @throws AppError the first thing that stands in the way
 */
export async function requireExecutable(
  tx: TenantTx,
  id: RestoreId,
  moment: GateMoment,
): Promise<void> {
  const restore = await requireRestore(tx, id);
  requireNotExecuted(restore);
  await requireFreshPlan(tx, restore);
  const { confirmed_fingerprint: confirmed, fingerprint } = restore;
  if (confirmed === null || fingerprint === null || !confirmed.equals(fingerprint)) {
    throw new AppError('restore.not_confirmed');
  }
  await requireRightOf(tx, restore.confirmed_user_id);
  await requireWriteGate(tx);
  if (moment === 'begin') await requireUndamaged(tx, id);
}

/** @throws AppError what makes the preview stale */
export async function requireFreshPlan(tx: TenantTx, restore: Restore): Promise<void> {
  const [stale] = await findStaleness(tx, restore);
  if (stale !== undefined) throw new AppError(stale);
  if (!(await isPlanFresh(tx, restore.id))) throw new AppError('restore.source_changed');
}

/** @throws AppError run.rights_missing when this person may not execute restores any more */
export async function requireRightOf(tx: TenantTx, userId: UserId | null): Promise<void> {
  const roles = [...rolesHolding('restores:execute')];
  const { rows } = await sql<{ holds: boolean }>`
    select exists (select 1 from memberships m join users u on u.id = m.user_id
      where m.tenant_id = ${tx.tenantId} and m.user_id = ${userId} and m.role = any(${roles})
        and u.disabled_at is null) as holds`.execute(tx.db);
  if (rows[0]?.holds !== true) throw new AppError('run.rights_missing');
}

/** One flipped bit in what is to be brought back, or in the requests, and nothing is written. */
async function requireUndamaged(tx: TenantTx, id: RestoreId): Promise<void> {
  const { rows } = await sql<{ content_hash: string }>`
    select encode(i.content_hash, 'hex') as content_hash
    from restore_items i
      left join snapshots s on s.tenant_id = i.tenant_id and s.content_hash = i.content_hash
    where i.tenant_id = ${tx.tenantId} and i.restore_id = ${id}
      and i.action in ('create', 'update', 'delete')
      and (s.body is null or sha256(s.body) <> s.content_hash
        or i.steps is null or sha256(i.steps) <> i.steps_hash)
    limit 1`.execute(tx.db);
  const [damaged] = rows;
  if (damaged !== undefined) {
    throw new AppError('snapshot.damaged', { contentHash: damaged.content_hash });
  }
}
