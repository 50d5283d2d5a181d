import type { TenantTx } from '../db/tenant-tx.ts';
import type { GraphCredential } from '../graph/sign-in/credential.ts';
import type { TenantId } from '../kernel/ids.ts';
import type { Secret } from '../kernel/secret.ts';
import { writeCredential } from './credential.ts';
import type { KeyEncryptionKey } from './key-file.ts';
import { type SealedPlace, sealBytes } from './seal.ts';
import { openTenantKey } from './tenant-key.ts';

/** The row that a credential belongs to. */
export interface CredentialRow {
  readonly table: 'connections' | 'write_registrations';
  readonly id: string;
}

/** Seals a checked credential for its row. */
export async function sealCredential(
  tx: TenantTx,
  key: KeyEncryptionKey,
  row: CredentialRow,
  credential: Secret<GraphCredential>,
): Promise<Buffer> {
  const place = placeOfCredential(tx.tenantId, row, credential.reveal().kind);
  return sealBytes(await openTenantKey(tx, key), place, writeCredential(credential));
}

/** A secret never opens as a certificate, nor in another row or tenant. */
export function placeOfCredential(
  tenantId: TenantId,
  { table, id }: CredentialRow,
  kind: GraphCredential['kind'],
): SealedPlace {
  return { tenantId, rowId: id, column: `${table}.sealed_credential`, kind };
}
