import { sql } from 'kysely';
import { z } from 'zod';
import { type Actor, recordAudit } from '../audit/record-audit.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { GraphCredential } from '../graph/sign-in/credential.ts';
import { AppError } from '../kernel/errors.ts';
import { newId, type WriteRegistrationId, writeRegistrationIdSchema } from '../kernel/ids.ts';
import type { Secret } from '../kernel/secret.ts';
import type { SealDeps } from './add-connection.ts';
import { checkCredential } from './credential.ts';
import { requireConnection } from './find-connection.ts';
import { sealCredential } from './seal-credential.ts';

/** What is said openly about it; its credential travels apart, as a Secret. */
export const newWriteRegistrationSchema = z.strictObject({ clientId: z.guid() });
export type NewWriteRegistration = z.infer<typeof newWriteRegistrationSchema>;

/**
 * Says which application may write in the tenant, or puts another application or credential in its
 * place: what was known of the earlier one is forgotten, and nothing is armed.
 * @throws AppError connection.missing, connection.write_registration_reads, credential.unusable;
 *   ZodError naming the bad field
 */
export async function setWriteRegistration(
  tx: TenantTx,
  deps: SealDeps,
  registration: NewWriteRegistration,
  credential: Secret<GraphCredential>,
  actor: Actor,
): Promise<WriteRegistrationId> {
  const { clientId } = newWriteRegistrationSchema.parse(registration);
  const checked = checkCredential(credential, deps.clock);
  const connection = await requireConnection(tx);
  if (clientId.toLowerCase() === connection.clientId) {
    throw new AppError('connection.write_registration_reads');
  }
  const id = newId(writeRegistrationIdSchema);
  const place = { table: 'write_registrations', id } as const;
  const kind = checked.reveal().kind;
  const said = {
    id,
    client_id: clientId,
    credential_kind: kind,
    sealed_credential: await sealCredential(tx, deps.key, place, checked),
  };
  const nothingKnown = { verified_at: null, granted: null };
  const notArmed = { armed_until: null, armed_by: null, armed_reason: null };
  const { version } = await tx.db
    .insertInto('write_registrations')
    .values({ tenant_id: tx.tenantId, connection_id: connection.id, ...said })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'connection_id']).doUpdateSet({
        ...said,
        ...nothingKnown,
        ...notArmed,
        version: sql`write_registrations.version + 1`,
      }),
    )
    .returning('version')
    .executeTakeFirstOrThrow();
  await recordAudit(tx, actor, {
    action: 'connection.write_registration_set',
    subject: { kind: 'connection', id: connection.id },
    details: { clientId, credentialKind: kind, version },
  });
  return id;
}

/**
 * From now on nothing may write in the tenant.
 * @throws AppError connection.write_registration_missing
 */
export async function removeWriteRegistration(tx: TenantTx, actor: Actor): Promise<void> {
  const row = await tx.db
    .deleteFrom('write_registrations')
    .where('tenant_id', '=', tx.tenantId)
    .returning(['connection_id', 'client_id'])
    .executeTakeFirst();
  if (row === undefined) throw new AppError('connection.write_registration_missing');
  await recordAudit(tx, actor, {
    action: 'connection.write_registration_removed',
    subject: { kind: 'connection', id: row.connection_id },
    details: { clientId: row.client_id },
  });
}
