import type { Db } from '../db/db.ts';
import { inTenant, type TenantTx } from '../db/tenant-tx.ts';
import type { GraphCredential } from '../graph/sign-in/credential.ts';
import { AppError } from '../kernel/errors.ts';
import type { ConnectionId, TenantId, WriteRegistrationId } from '../kernel/ids.ts';
import type { Secret } from '../kernel/secret.ts';
import { readCredential } from './credential.ts';
import type { KeyEncryptionKey } from './key-file.ts';
import { openSealedBytes } from './seal.ts';
import { type CredentialRow, placeOfCredential } from './seal-credential.ts';
import { openTenantKey } from './tenant-key.ts';

/** Opens credentials: the one module that does, for the token provider only. */

/** @throws AppError connection.missing when it was removed; sealed.refused when it does not open */
export function openCredential(
  db: Db,
  key: KeyEncryptionKey,
  tenantId: TenantId,
  id: ConnectionId,
): Promise<Secret<GraphCredential>> {
  return inTenant(db, tenantId, async (tx) => {
    const row = await tx.db
      .selectFrom('connections')
      .select(['credential_kind', 'sealed_credential'])
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw new AppError('connection.missing');
    return openSealed(tx, key, { table: 'connections', id }, row);
  });
}

/**
 * @throws AppError connection.write_registration_missing when it was removed or replaced;
 *   sealed.refused when it does not open
 */
export function openWriteCredential(
  db: Db,
  key: KeyEncryptionKey,
  tenantId: TenantId,
  id: WriteRegistrationId,
): Promise<Secret<GraphCredential>> {
  return inTenant(db, tenantId, async (tx) => {
    const row = await tx.db
      .selectFrom('write_registrations')
      .select(['credential_kind', 'sealed_credential'])
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw new AppError('connection.write_registration_missing');
    return openSealed(tx, key, { table: 'write_registrations', id }, row);
  });
}

interface SealedRow {
  readonly credential_kind: GraphCredential['kind'];
  readonly sealed_credential: Buffer;
}

async function openSealed(
  tx: TenantTx,
  key: KeyEncryptionKey,
  row: CredentialRow,
  { credential_kind: kind, sealed_credential: sealed }: SealedRow,
): Promise<Secret<GraphCredential>> {
  const place = placeOfCredential(tx.tenantId, row, kind);
  return readCredential(openSealedBytes(await openTenantKey(tx, key), place, sealed));
}
