import { createHmac, hkdfSync } from 'node:crypto';
import { canonicalText } from '../kernel/canonical-json.ts';
import type { TenantId } from '../kernel/ids.ts';
import { Secret } from '../kernel/secret.ts';
import { KEY_BYTES } from './key-file.ts';
import { type SealedPlace, sealBytes } from './seal.ts';
import type { TenantKey } from './tenant-key.ts';

/** Seals a value that a person entered for a restore, for its row alone. */
export function sealEntered(
  key: TenantKey,
  tenantId: TenantId,
  id: string,
  value: Secret<string>,
): Buffer {
  const bytes = new Secret(Buffer.from(value.reveal(), 'utf8'));
  return sealBytes(key, placeOfEntered(tenantId, id), bytes);
}

export function placeOfEntered(tenantId: TenantId, id: string): SealedPlace {
  return { tenantId, rowId: id, column: 'restore_secrets.sealed', kind: 'entered-value' };
}

/**
 * Tells whether a value is another one, and nothing else of it: without the tenant's key nobody can
 * try values against it, and the same value elsewhere has another hash.
 * @param where what the value belongs to
 */
export function hashEntered(
  key: TenantKey,
  where: readonly string[],
  value: Secret<string>,
): Buffer {
  const hmac = createHmac('sha256', Buffer.from(deriveKey(key)));
  return hmac.update(canonicalText([...where, value.reveal()])).digest();
}

/** A key of its own: one key for two uses weakens both. No salt: the tenant's key is random. */
function deriveKey(key: TenantKey): ArrayBuffer {
  return hkdfSync('sha256', key.reveal(), '', 'restore_secrets.keyed_hash', KEY_BYTES);
}
