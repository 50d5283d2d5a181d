import type { Db } from '../db/db.ts';
import { inTenant } from '../db/tenant-tx.ts';
import type { SealedValue } from '../graph/port.ts';
import type { TenantId } from '../kernel/ids.ts';
import { Secret } from '../kernel/secret.ts';
import type { KeyEncryptionKey } from './key-file.ts';
import { openSealedBytes } from './seal.ts';
import { placeOfEntered } from './seal-entered.ts';
import { openTenantKey } from './tenant-key.ts';

/**
 * Opens a value that a person entered for a restore: for the writing port only, which sends it.
 * @throws AppError sealed.refused when it was altered, moved, or sealed with another key
 */
export async function openEntered(
  db: Db,
  key: KeyEncryptionKey,
  tenantId: TenantId,
  { id, sealed }: SealedValue,
): Promise<Secret<string>> {
  const tenantKey = await inTenant(db, tenantId, (tx) => openTenantKey(tx, key));
  const bytes = openSealedBytes(tenantKey, placeOfEntered(tenantId, id), sealed);
  return new Secret(bytes.reveal().toString('utf8'));
}
