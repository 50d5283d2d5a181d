import { sql, type Transaction } from 'kysely';
import type { TenantId } from '../kernel/ids.ts';
import type { Db } from './db.ts';
import { AHEAD } from './eager-pool.ts';
import type { Tables } from './tables.ts';

/** A transaction bound to one tenant: row-level security shows and takes only its rows. */
export interface TenantTx {
  readonly tenantId: TenantId;
  readonly db: Transaction<Tables>;
}

/** `work` in one transaction of one tenant. No network inside: read, close; call; open, write. */
export function inTenant<T>(
  db: Db,
  tenantId: TenantId,
  work: (tx: TenantTx) => Promise<T>,
): Promise<T> {
  return db.transaction(async (trx) => {
    await enterTenant(trx, tenantId);
    return work({ tenantId, db: trx });
  });
}

async function enterTenant(trx: Transaction<Tables>, tenantId: TenantId): Promise<void> {
  await sql`${AHEAD} select set_config('role', 'atlas_tenant', true),
    set_config('app.tenant_id', ${sql.lit(tenantId)}, true)`.execute(trx);
}
