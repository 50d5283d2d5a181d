import type { TenantTx } from '../db/tenant-tx.ts';
import { sha256Hex } from '../kernel/canonical-json.ts';
import { AppError } from '../kernel/errors.ts';

/**
 * The body that bears this hash, proved to be the one that was stored.
 * @throws AppError snapshot.damaged when it is not, or is gone
 */
export async function readVersionBody(tx: TenantTx, contentHash: Buffer): Promise<string> {
  const bodies = await readVersionBodies(tx, [contentHash]);
  const body = bodies.get(contentHash.toString('hex'));
  if (body === undefined) throw damaged(contentHash);
  return body;
}

/** Several bodies by hash in hex, each proved; one that is gone is damage, too. */
export async function readVersionBodies(
  tx: TenantTx,
  contentHashes: readonly Buffer[],
): Promise<ReadonlyMap<string, string>> {
  if (contentHashes.length === 0) return new Map();
  const rows = await tx.db
    .selectFrom('snapshots')
    .select(['content_hash', 'body'])
    .where('tenant_id', '=', tx.tenantId)
    .where('content_hash', 'in', [...contentHashes])
    .execute();
  const bodies = new Map<string, string>();
  for (const { content_hash, body } of rows) {
    const hash = content_hash.toString('hex');
    if (sha256Hex(body) !== hash) throw damaged(content_hash);
    bodies.set(hash, body.toString('utf8'));
  }
  const missing = contentHashes.find((hash) => !bodies.has(hash.toString('hex')));
  if (missing !== undefined) throw damaged(missing);
  return bodies;
}

function damaged(contentHash: Buffer): AppError {
  return new AppError('snapshot.damaged', { contentHash: contentHash.toString('hex') });
}
