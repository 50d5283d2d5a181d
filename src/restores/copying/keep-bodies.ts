import { sql } from 'kysely';
import type { TenantTx } from '../../db/tenant-tx.ts';
import type { SourceWithBody } from './read-sources.ts';

/** Keeps copied bodies in this tenant, in the order of their hashes: two copiers never deadlock. */
export async function keepBodies(tx: TenantTx, sources: readonly SourceWithBody[]): Promise<void> {
  await sql`
    insert into snapshots (tenant_id, content_hash, body)
    select ${tx.tenantId}, s.hash, s.body
    from unnest(${sources.map((source) => source.contentHash)}::bytea[],
      ${sources.map((source) => Buffer.from(source.body, 'utf8'))}::bytea[]) as s (hash, body)
    order by s.hash on conflict do nothing`.execute(tx.db);
}
