import { sql } from 'kysely';
import { inTenant } from '../../src/db/tenant-tx.ts';
import type { RunId, TenantId } from '../../src/kernel/ids.ts';
import type { QueueWorld } from './queue-fixture.ts';

/** Cancels as the API does, without its rights check. */
export async function cancelRunForStory(
  world: QueueWorld,
  tenantId: TenantId,
  runId: RunId,
): Promise<string | null> {
  const { rows } = await inTenant(world.db, tenantId, (tx) =>
    sql<{ cancel_run: string | null }>`select cancel_run(${runId})`.execute(tx.db),
  );
  return rows[0]?.cancel_run ?? null;
}
