import { sql, type Transaction } from 'kysely';
import type { Db } from './db.ts';
import { AHEAD } from './eager-pool.ts';
import type { Tables } from './tables.ts';

/** What cross-tenant duties may touch; never snapshots, connections or secrets. */
export type SystemTables = Pick<
  Tables,
  'runs' | 'run_items' | 'lanes' | 'workers' | 'idempotency_keys'
>;

export interface SystemTx {
  readonly system: Transaction<SystemTables>;
}

/** One transaction for duties across tenants; only queue/, tenants/ and db/ may import this. */
export function asSystem<T>(db: Db, work: (tx: SystemTx) => Promise<T>): Promise<T> {
  return db.transaction(async (trx) => {
    await sql`${AHEAD} select set_config('role', 'atlas_system', true)`.execute(trx);
    return work({ system: trx.withTables<SystemTables>() });
  });
}
