import { sql } from 'kysely';
import { type Actor, recordAudit } from '../audit/record-audit.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { AppError } from '../kernel/errors.ts';
import type { RestoreId, UserId } from '../kernel/ids.ts';
import { lockRestore, type Restore, requireNoPreview } from './find-restore.ts';
import { requireFreshPlan } from './writing/gate.ts';

/** What a person says to have a preview carried out. */
export interface Confirmation {
  /** Of the preview that they looked at. */
  readonly fingerprint: string;
  /** The tenant's name, as typed. */
  readonly tenantName: string;
  readonly reason: string;
}

/**
 * Confirms a preview: this one, in this tenant, for a reason that is kept. It starts nothing; an
 * edit or a new preview takes the confirmation away.
 * @throws AppError restore.other_preview, restore.tenant_name_wrong, restore.nothing_to_do, and
 *   what makes the preview stale
 */
export async function confirmRestore(
  tx: TenantTx,
  actor: Actor & { readonly userId: UserId },
  id: RestoreId,
  confirmation: Confirmation,
): Promise<void> {
  const restore = await lockRestore(tx, id);
  await requireNoPreview(tx, restore);
  await requireFreshPlan(tx, restore);
  if (restore.fingerprint?.toString('hex') !== confirmation.fingerprint.toLowerCase()) {
    throw new AppError('restore.other_preview');
  }
  await requireTypedName(tx, confirmation.tenantName);
  requireSomethingToDo(restore);
  await tx.db
    .updateTable('restores')
    .set({
      confirmed_at: sql`clock_timestamp()`,
      confirmed_by: actor.label,
      confirmed_user_id: actor.userId,
      confirmed_fingerprint: restore.fingerprint,
      confirm_reason: confirmation.reason,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
  await recordAudit(tx, actor, {
    action: 'restore.confirmed',
    subject: { kind: 'restore', id },
    details: { fingerprint: confirmation.fingerprint, reason: confirmation.reason },
  });
}

/** Compared as people see it: composed characters, no blanks around it. */
export async function requireTypedName(tx: TenantTx, typed: string): Promise<void> {
  const { name } = await tx.db
    .selectFrom('tenants')
    .select('name')
    .where('id', '=', tx.tenantId)
    .executeTakeFirstOrThrow();
  if (typed.normalize('NFC').trim() !== name.normalize('NFC').trim()) {
    throw new AppError('restore.tenant_name_wrong');
  }
}

function requireSomethingToDo({ item_counts: counts }: Restore): void {
  const { create = 0, update = 0, delete: removed = 0 } = counts ?? {};
  if (create + update + removed === 0) throw new AppError('restore.nothing_to_do');
}
