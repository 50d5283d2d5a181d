import { setTimeout as pause } from 'node:timers/promises';
import type { RunId, TenantId } from '../src/kernel/ids.ts';
import type { BenchWorld } from './world.ts';

/** What a run that has ended cost, by the database's clock. */
export interface RunTimes {
  readonly outcome: string;
  readonly items: number;
  readonly seconds: number;
  readonly graphCalls: number;
}

const LOOK_EVERY_MS = 50;

/** Waits for the end of a run. One look reads one row by its key. */
export async function awaitEnd(world: BenchWorld, runId: RunId): Promise<RunTimes> {
  for (;;) {
    const { rows } = await world.admin.query<RunTimes & { phase: string }>(
      `select phase, outcome, items_total as items, graph_calls as "graphCalls",
         extract(epoch from ended_at - created_at)::float8 as seconds
       from runs where id = $1`,
      [runId],
    );
    const [run] = rows;
    if (run?.phase === 'ended') return run;
    await pause(LOOK_EVERY_MS);
  }
}

/** Waits until no run of the tenant is queued or at work. */
export async function awaitIdle(world: BenchWorld, tenantId: TenantId): Promise<void> {
  for (;;) {
    const { rows } = await world.admin.query(
      `select 1 from runs where tenant_id = $1 and phase <> 'ended' limit 1`,
      [tenantId],
    );
    if (rows.length === 0) return;
    await pause(LOOK_EVERY_MS);
  }
}
