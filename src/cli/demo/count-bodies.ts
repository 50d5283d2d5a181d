import type { Db } from '../../db/db.ts';
import { inTenant } from '../../db/tenant-tx.ts';
import type { TenantId } from '../../kernel/ids.ts';

/** How many policy bodies the database holds for a tenant. */
export async function countBodies(db: Db, tenantId: TenantId): Promise<number> {
  const row = await inTenant(db, tenantId, (tx) =>
    tx.db
      .selectFrom('snapshots')
      .select((select) => select.fn.countAll<string>().as('count'))
      .where('tenant_id', '=', tenantId)
      .executeTakeFirstOrThrow(),
  );
  return Number(row.count);
}
