import type { PolicyId, TenantId } from '../src/kernel/ids.ts';
import { connectToApi } from './api-connection.ts';
import { awaitEnd } from './run-times.ts';
import type { BenchWorld } from './world.ts';

/**
 * From the commit of a start to the run's work in the worker, both by the machine's clock: the
 * commit as the database stamps it, and the first item's start as the worker writes it down, which
 * comes after planning. So this is an upper bound for the first line of `perform`.
 * @returns milliseconds, one for each policy; each start waits until the run before has ended
 */
export async function timeCommitToStart(
  world: BenchWorld,
  tenantId: TenantId,
  policyIds: readonly PolicyId[],
): Promise<number[]> {
  const api = connectToApi(world);
  const runIds: string[] = [];
  try {
    for (const policyId of policyIds) {
      const input = { policyId, reason: 'Bench' };
      const runId = await api.start(tenantId, 'policy.capture_snapshot', input);
      await awaitEnd(world, runId);
      runIds.push(runId);
    }
  } finally {
    await api.close();
  }
  return readDelays(world, runIds);
}

/** The audit entry is written by the start alone, so its transaction is the start's. */
async function readDelays(world: BenchWorld, runIds: readonly string[]): Promise<number[]> {
  const { rows } = await world.admin.query<{ ms: number }>(
    `select (extract(epoch from i.started_at - pg_xact_commit_timestamp(a.xmin)) * 1000)::float8
       as ms
     from audit_entries a join run_items i on i.run_id = a.subject_id::uuid
     where a.action = 'run.started' and a.subject_id = any($1)`,
    [runIds],
  );
  if (rows.length !== runIds.length) throw new Error('not every run was worked');
  return rows.map(({ ms }) => ms);
}
