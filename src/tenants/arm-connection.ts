import { sql } from 'kysely';
import { z } from 'zod';
import { type Actor, recordAudit } from '../audit/record-audit.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { AppError } from '../kernel/errors.ts';
import type { ConnectionId } from '../kernel/ids.ts';
import { plainText } from '../kernel/plain-text.ts';

/** Long enough for a day's work, and over before the next. */
const HOURS_MAX = 24;

const reasonSchema = plainText(500);
export const armSchema = z.strictObject({
  hours: z.int().min(1).max(HOURS_MAX),
  reason: reasonSchema,
});
export type Arming = z.infer<typeof armSchema>;

export const disarmSchema = z.strictObject({ reason: reasonSchema });
export type Disarming = z.infer<typeof disarmSchema>;

/**
 * Lets the write registration be used for some hours from now; the end of an earlier arming is
 * replaced, whether it would have been sooner or later.
 * @throws AppError connection.write_registration_missing
 */
export async function armConnection(
  tx: TenantTx,
  actor: Actor,
  connectionId: ConnectionId,
  { hours, reason }: Arming,
): Promise<void> {
  const armed = await tx.db
    .updateTable('write_registrations')
    .set({
      // by the database's clock, which every worker asks
      armed_until: sql`clock_timestamp() + ${hours} * interval '1 hour'`,
      armed_by: actor.label,
      armed_reason: reason,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('connection_id', '=', connectionId)
    .executeTakeFirst();
  if (armed.numUpdatedRows === 0n) throw new AppError('connection.write_registration_missing');
  await recordAudit(tx, actor, {
    action: 'connection.armed',
    subject: { kind: 'connection', id: connectionId },
    details: { hours, reason },
  });
}

/**
 * Takes the right to write back, whether it had run out or not. A run at work is refused at its
 * next slice.
 */
export async function disarmConnection(
  tx: TenantTx,
  actor: Actor,
  connectionId: ConnectionId,
  { reason }: Disarming,
): Promise<void> {
  const disarmed = await tx.db
    .updateTable('write_registrations')
    .set({ armed_until: null, armed_by: null, armed_reason: null })
    .where('tenant_id', '=', tx.tenantId)
    .where('connection_id', '=', connectionId)
    .where('armed_until', 'is not', null)
    .executeTakeFirst();
  // Nothing was armed: that is what was wanted, and no deed.
  if (disarmed.numUpdatedRows === 0n) return;
  await recordAudit(tx, actor, {
    action: 'connection.disarmed',
    subject: { kind: 'connection', id: connectionId },
    details: { reason },
  });
}
