import { sql } from 'kysely';
import { z } from 'zod';
import { type Actor, recordAudit } from '../audit/record-audit.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { CLOUDS } from '../graph/clouds.ts';
import type { GraphCredential } from '../graph/sign-in/credential.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { type ConnectionId, connectionIdSchema, newId } from '../kernel/ids.ts';
import type { Secret } from '../kernel/secret.ts';
import { checkCredential } from './credential.ts';
import type { KeyEncryptionKey } from './key-file.ts';
import { sealCredential } from './seal-credential.ts';

/** What is said openly about a connection; its credential travels apart, as a Secret. */
export const newConnectionSchema = z.strictObject({
  cloud: z.enum(CLOUDS),
  entraTenantId: z.guid(),
  clientId: z.guid(),
});
export type NewConnection = z.infer<typeof newConnectionSchema>;

/** What sealing a credential needs besides the transaction. */
export interface SealDeps {
  readonly key: KeyEncryptionKey;
  readonly clock: Clock;
}

/**
 * Adds the tenant's one connection, its credential sealed.
 * @throws AppError connection.exists, credential.unusable; ZodError naming the bad field
 */
export async function addConnection(
  tx: TenantTx,
  deps: SealDeps,
  connection: NewConnection,
  credential: Secret<GraphCredential>,
  actor: Actor,
): Promise<ConnectionId> {
  const { cloud, entraTenantId, clientId } = newConnectionSchema.parse(connection);
  const checked = checkCredential(credential, deps.clock);
  const id = newId(connectionIdSchema);
  const added = await tx.db
    .insertInto('connections')
    .values({
      tenant_id: tx.tenantId,
      id,
      cloud,
      entra_tenant_id: entraTenantId,
      client_id: clientId,
      credential_kind: checked.reveal().kind,
      sealed_credential: await sealCredential(tx, deps.key, { table: 'connections', id }, checked),
    })
    .onConflict((conflict) => conflict.column('tenant_id').doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows === 0n) throw new AppError('connection.exists');
  await recordAudit(tx, actor, {
    action: 'connection.added',
    subject: { kind: 'connection', id },
    details: { cloud, entraTenantId, clientId, credentialKind: checked.reveal().kind },
  });
  return id;
}

/**
 * Puts another credential in place; cached tokens of the old one end with its version.
 * @returns the new version
 * @throws AppError forbidden when the tenant has no such connection; credential.unusable
 */
export async function replaceConnectionCredential(
  tx: TenantTx,
  deps: SealDeps,
  connectionId: ConnectionId,
  credential: Secret<GraphCredential>,
  actor: Actor,
): Promise<number> {
  const checked = checkCredential(credential, deps.clock);
  const place = { table: 'connections', id: connectionId } as const;
  const row = await tx.db
    .updateTable('connections')
    .set({
      credential_kind: checked.reveal().kind,
      sealed_credential: await sealCredential(tx, deps.key, place, checked),
      version: sql`version + 1`,
      verified_at: null,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', connectionId)
    .returning('version')
    .executeTakeFirst();
  if (row === undefined) throw new AppError('forbidden');
  await recordAudit(tx, actor, {
    action: 'connection.credential_replaced',
    subject: { kind: 'connection', id: connectionId },
    details: { version: row.version, credentialKind: checked.reveal().kind },
  });
  return row.version;
}
