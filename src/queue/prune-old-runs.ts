import { sql } from 'kysely';
import type { Db } from '../db/db.ts';
import { asSystem } from '../db/system-tx.ts';
import { inTenant } from '../db/tenant-tx.ts';
import type { TenantId } from '../kernel/ids.ts';
import { careForEach } from './care-for-each.ts';
import type { QueueLog } from './log.ts';

/** Deleted in one transaction, items with them; the rest waits for the next round. */
const RUNS_MAX = 200;

/**
 * Caretaker: ended runs past their retention go, with items and notifications; versions and backups
 * stay and only forget which run made them. Idempotency keys live for 24 hours.
 */
export async function pruneOldRuns(db: Db, retentionMs: number, log: QueueLog): Promise<void> {
  const tenants = await asSystem(db, async ({ system }) => {
    await sql`delete from idempotency_keys
      where created_at < now() - interval '24 hours'`.execute(system);
    const { rows } = await sql<{ tenant_id: TenantId }>`
      select distinct tenant_id from runs where phase = 'ended'
        and ended_at < now() - ${retentionMs} * interval '1 ms'`.execute(system);
    return rows;
  });
  await careForEach(tenants, log, ({ tenant_id }) =>
    inTenant(db, tenant_id, async (tx) => {
      await sql`delete from runs where tenant_id = ${tenant_id} and id in (
        select id from runs where tenant_id = ${tenant_id} and phase = 'ended'
          and ended_at < now() - ${retentionMs} * interval '1 ms'
        order by ended_at limit ${RUNS_MAX})`.execute(tx.db);
      return true;
    }),
  );
}
