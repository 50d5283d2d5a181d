import type { TenantTx } from '../db/tenant-tx.ts';
import type { GraphCredential } from '../graph/sign-in/credential.ts';
import type { ConnectionId, TenantId } from '../kernel/ids.ts';
import type { Secret } from '../kernel/secret.ts';
import { writeCredential } from './credential.ts';
import type { KeyEncryptionKey } from './key-file.ts';
import { type SealedPlace, sealBytes } from './seal.ts';
import { openTenantKey } from './tenant-key.ts';

/** Seals a checked credential for the row of its connection. */
export async function sealCredential(
  tx: TenantTx,
  key: KeyEncryptionKey,
  connectionId: ConnectionId,
  credential: Secret<GraphCredential>,
): Promise<Buffer> {
  const place = placeOfCredential(tx.tenantId, connectionId, credential.reveal().kind);
  return sealBytes(await openTenantKey(tx, key), place, writeCredential(credential));
}

/** A secret never opens as a certificate, nor in another connection or tenant. */
export function placeOfCredential(
  tenantId: TenantId,
  connectionId: ConnectionId,
  kind: GraphCredential['kind'],
): SealedPlace {
  return { tenantId, rowId: connectionId, column: 'connections.sealed_credential', kind };
}
