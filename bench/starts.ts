import pg from 'pg';
import type { PolicyId, TenantId } from '../src/kernel/ids.ts';
import { type ApiConnection, connectToApi } from './api-connection.ts';
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
    return summarise(await timeEach(policyIds, startWith(api, tenantId)));
  } finally {
    await api.close();
  }
}

/** So many of the one, then of the other: what else the machine does falls on both alike. */
const TURN = 50;

/**
 * The same in turns with what the machine can do at best: one row and one job in one transaction,
 * on one connection. The job is of a task that no worker knows, so that none takes it.
 */
export async function timeStartsAndRawInserts(
  world: BenchWorld,
  tenantId: TenantId,
  policyIds: readonly PolicyId[],
): Promise<{ starts: StartTimes; rawInserts: StartTimes }> {
  const owner = new pg.Client({ connectionString: world.place.ownerUrl.reveal() });
  const api = connectToApi(world);
  await owner.connect();
  try {
    await owner.query(`create table bench_runs (id uuid primary key, tenant_id uuid not null,
      type text not null, target text not null, input jsonb not null, phase text not null,
      created_at timestamptz not null default now())`);
    const starts: number[] = [];
    const rawInserts: number[] = [];
    for (let from = 0; from < policyIds.length; from += TURN) {
      const turn = policyIds.slice(from, from + TURN);
      rawInserts.push(...(await timeEach(turn, (policyId) => insertRaw(owner, policyId))));
      starts.push(...(await timeEach(turn, startWith(api, tenantId))));
    }
    return { starts: summarise(starts), rawInserts: summarise(rawInserts) };
  } finally {
    await owner.query('drop table if exists bench_runs');
    await owner.end();
    await api.close();
  }
}

function startWith(api: ApiConnection, tenantId: TenantId) {
  return (policyId: PolicyId) =>
    api.start(tenantId, 'policy.capture_snapshot', { policyId, reason: 'Bench' });
}

async function insertRaw(owner: pg.Client, policyId: PolicyId): Promise<void> {
  const tenantId = '00000000-0000-7000-8000-000000000001';
  const input = JSON.stringify({ policyId, reason: 'Bench' });
  await owner.query('begin');
  await owner.query(
    `insert into bench_runs (id, tenant_id, type, target, input, phase)
     values (gen_random_uuid(), $1, 'policy.capture_snapshot', $2, $3, 'queued')`,
    [tenantId, `policy:${policyId}`, input],
  );
  await owner.query(
    `select graphile_worker.add_job('bench_raw', $1::json, run_at => now(), job_key => $2,
       priority => 0)`,
    [input, `bench/${policyId}`],
  );
  await owner.query('commit');
}

/** Times the same step over many things, one after another: milliseconds of each. */
async function timeEach<T>(
  things: readonly T[],
  step: (thing: T) => Promise<unknown>,
): Promise<number[]> {
  const eachMs: number[] = [];
  for (const thing of things) {
    const startedAt = performance.now();
    await step(thing);
    eachMs.push(performance.now() - startedAt);
  }
  return eachMs;
}

function summarise(eachMs: readonly number[]): StartTimes {
  const seconds = eachMs.reduce((sum, ms) => sum + ms, 0) / 1_000;
  return { eachMs, perSecond: eachMs.length / seconds };
}
