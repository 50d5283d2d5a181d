import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { canonicalText } from '../kernel/canonical-json.ts';
import { AppError } from '../kernel/errors.ts';
import type { TenantId } from '../kernel/ids.ts';
import { Secret } from '../kernel/secret.ts';

/**
 * Where a sealed value belongs. It is part of what the seal protects: the same bytes in another
 * tenant, row or column, or read as another kind, do not open.
 */
export interface SealedPlace {
  readonly tenantId: TenantId;
  readonly rowId: string;
  /** `table.column` */
  readonly column: string;
  readonly kind: string;
}

/**
 * Layout: version (1 byte), nonce (12), tag (16), ciphertext. The nonce is random: a data key seals
 * some credentials and entered values in its life, far below the 2^32 messages at which chance
 * matters.
 */
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** Seals a value for one place with AES-256-GCM. */
export function sealBytes(key: Secret<Buffer>, place: SealedPlace, plain: Secret<Buffer>): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.reveal(), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(nameOfPlace(place));
  const text = Buffer.concat([cipher.update(plain.reveal()), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), text]);
}

/**
 * Opens what `sealBytes` made for this place. Only tenant-key.ts, open-credentials.ts and
 * open-entered.ts call it.
 * @throws AppError sealed.refused when altered, moved, or sealed with another key
 */
export function openSealedBytes(
  key: Secret<Buffer>,
  place: SealedPlace,
  sealed: Buffer,
): Secret<Buffer> {
  if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION) throw refused(place);
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key.reveal(), nonce, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(nameOfPlace(place));
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES));
  try {
    const plain = decipher.update(sealed.subarray(HEADER_BYTES));
    return new Secret(Buffer.concat([plain, decipher.final()]));
  } catch {
    throw refused(place);
  }
}

/** JSON, so that no two places can be written alike, whatever their parts hold. */
function nameOfPlace(place: SealedPlace): Buffer {
  const { tenantId, rowId, column, kind } = place;
  return Buffer.from(canonicalText([VERSION, tenantId, rowId, column, kind]), 'utf8');
}

function refused(place: SealedPlace): AppError {
  return new AppError('sealed.refused', { rowId: place.rowId, column: place.column });
}
