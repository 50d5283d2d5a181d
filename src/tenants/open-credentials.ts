import type { Db } from '../db/db.ts';
import { inTenant } from '../db/tenant-tx.ts';
import type { GraphCredential } from '../graph/sign-in/credential.ts';
import { AppError } from '../kernel/errors.ts';
import type { ConnectionId, TenantId } from '../kernel/ids.ts';
import type { Secret } from '../kernel/secret.ts';
import { readCredential } from './credential.ts';
import type { KeyEncryptionKey } from './key-file.ts';
import { openSealedBytes } from './seal.ts';
import { placeOfCredential } from './seal-credential.ts';
import { openTenantKey } from './tenant-key.ts';

/**
 * Opens the credential of a connection: the one module that does, for the token provider only.
 * @throws AppError connection.missing when it was removed; sealed.refused when it does not open
 */
export async function openCredential(
  db: Db,
  key: KeyEncryptionKey,
  tenantId: TenantId,
  connectionId: ConnectionId,
): Promise<Secret<GraphCredential>> {
  return inTenant(db, tenantId, async (tx) => {
    const row = await tx.db
      .selectFrom('connections')
      .select(['credential_kind', 'sealed_credential'])
      .where('tenant_id', '=', tenantId)
      .where('id', '=', connectionId)
      .executeTakeFirst();
    if (row === undefined) throw new AppError('connection.missing');
    const place = placeOfCredential(tenantId, connectionId, row.credential_kind);
    return readCredential(
      openSealedBytes(await openTenantKey(tx, key), place, row.sealed_credential),
    );
  });
}
