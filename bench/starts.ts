import pg from 'pg';
import type { PolicyId, TenantId } from '../src/kernel/ids.ts';
import { connectToApi } from './api-connection.ts';
import type { BenchWorld } from './world.ts';

export interface StartTimes {
  /** Of each start, from sending to the whole answer. */
  readonly eachMs: readonly number[];
  readonly perSecond: number;
}

/** Starts a capture of each policy, one after another on one connection. */
export async function timeStarts(
  world: BenchWorld,
  tenantId: TenantId,
  policyIds: readonly PolicyId[],
): Promise<StartTimes> {
  const api = connectToApi(world);
  try {
    return await timeEach(policyIds, (policyId) =>
      api.start(tenantId, 'policy.capture_snapshot', { policyId, reason: 'Bench' }),
    );
  } finally {
    await api.close();
  }
}

/**
 * What the machine can do at best: one row and one job in one transaction, on one connection. A
 * task that no worker knows, so that none takes it.
 */
export async function timeRawInserts(world: BenchWorld, count: number): Promise<StartTimes> {
  const owner = new pg.Client({ connectionString: world.place.ownerUrl.reveal() });
  await owner.connect();
  try {
    await owner.query(`create table bench_runs (id uuid primary key, tenant_id uuid not null,
      type text not null, target text not null, input jsonb not null, phase text not null,
      created_at timestamptz not null default now())`);
    const numbers = Array.from({ length: count }, (_, index) => index);
    return await timeEach(numbers, (number) => insertRaw(owner, number));
  } finally {
    await owner.query('drop table if exists bench_runs');
    await owner.end();
  }
}

async function insertRaw(owner: pg.Client, number: number): Promise<void> {
  const tenantId = '00000000-0000-7000-8000-000000000001';
  const input = JSON.stringify({ policyId: tenantId, reason: 'Bench' });
  await owner.query('begin');
  await owner.query({
    name: 'raw-row',
    text: `insert into bench_runs (id, tenant_id, type, target, input, phase)
      values (gen_random_uuid(), $1, 'policy.capture_snapshot', $2, $3, 'queued')`,
    values: [tenantId, `policy:${number}`, input],
  });
  await owner.query({
    name: 'raw-job',
    text: `select graphile_worker.add_job('bench_raw', $1::json, run_at => now(),
      job_key => $2, priority => 0)`,
    values: [input, `bench/${number}`],
  });
  await owner.query('commit');
}

/** Times the same step over many things, one after another. */
async function timeEach<T>(
  things: readonly T[],
  step: (thing: T) => Promise<unknown>,
): Promise<StartTimes> {
  const eachMs: number[] = [];
  const beganAt = performance.now();
  for (const thing of things) {
    const startedAt = performance.now();
    await step(thing);
    eachMs.push(performance.now() - startedAt);
  }
  const seconds = (performance.now() - beganAt) / 1_000;
  return { eachMs, perSecond: things.length / seconds };
}
