import { randomBytes } from 'node:crypto';
import type { TenantTx } from '../db/tenant-tx.ts';
import { AppError } from '../kernel/errors.ts';
import type { TenantId } from '../kernel/ids.ts';
import { Secret } from '../kernel/secret.ts';
import { KEY_BYTES, type KeyEncryptionKey } from './key-file.ts';
import { openSealedBytes, type SealedPlace, sealBytes } from './seal.ts';

/** Seals the credentials of one tenant; in the database only wrapped by the key-encryption key. */
export type TenantKey = Secret<Buffer>;

/** Makes the tenant's data key. Once in its life: the row is never changed. */
export async function makeTenantKey(tx: TenantTx, key: KeyEncryptionKey): Promise<void> {
  const wrapped = sealBytes(key, placeOf(tx.tenantId), new Secret(randomBytes(KEY_BYTES)));
  await tx.db.insertInto('tenant_keys').values({ tenant_id: tx.tenantId, wrapped }).execute();
}

/** @throws AppError sealed.refused when the key file is another than the one that wrapped it */
export async function openTenantKey(tx: TenantTx, key: KeyEncryptionKey): Promise<TenantKey> {
  const row = await tx.db
    .selectFrom('tenant_keys')
    .select('wrapped')
    .where('tenant_id', '=', tx.tenantId)
    .executeTakeFirst();
  if (row === undefined) throw new AppError('sealed.refused', { reason: 'no_tenant_key' });
  return openSealedBytes(key, placeOf(tx.tenantId), row.wrapped);
}

function placeOf(tenantId: TenantId): SealedPlace {
  return { tenantId, rowId: tenantId, column: 'tenant_keys.wrapped', kind: 'data-key' };
}
