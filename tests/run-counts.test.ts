import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inTenant, type TenantTx } from '../src/db/tenant-tx.ts';
import type { TenantId, WorkerId } from '../src/kernel/ids.ts';
import { type ClaimedRun, claimSlice } from '../src/queue/claim-slice.ts';
import { unregisterWorker } from '../src/queue/heartbeat.ts';
import { countingRun } from './setup/counting-run.ts';
import { hasHandWorker, laneOf } from './setup/lane-story.ts';
import { createQueueWorld, type QueueWorld } from './setup/queue-fixture.ts';

const OUTCOMES = ['pending', 'succeeded', 'skipped', 'failed', 'unknown'] as const;
type Word = (typeof OUTCOMES)[number];
type Step =
  | { readonly kind: 'add'; readonly items: readonly { id: number; outcome: Word }[] }
  | { readonly kind: 'settle'; readonly results: readonly { id: number; outcome: Word }[] }
  | { readonly kind: 'takeover' }
  | { readonly kind: 'write_with_old_fence' };

const someItems = fc.array(
  fc.record({ id: fc.integer({ min: 0, max: 30 }), outcome: fc.constantFrom(...OUTCOMES) }),
  { maxLength: 12 },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add'), items: someItems }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('settle'), results: someItems }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('takeover') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('write_with_old_fence') }) },
);
const history = fc.array(step, { minLength: 5, maxLength: 25 });

let world: QueueWorld;
beforeAll(async () => {
  world = await createQueueWorld([countingRun]);
});
afterAll(() => world.close());

/** One run in the hands of the test, and what its items must be. */
class History {
  readonly tenant: TenantId;
  readonly model = new Map<number, Word>();
  worker: WorkerId;
  run: ClaimedRun;

  private constructor(tenant: TenantId, worker: WorkerId, run: ClaimedRun) {
    this.tenant = tenant;
    this.worker = worker;
    this.run = run;
  }

  static async begin(): Promise<History> {
    const tenant = await world.hasTenant();
    const worker = await hasHandWorker(world);
    await world.starts(tenant, null, countingRun, { name: 'a', count: 1, itemMs: 0 });
    return new History(tenant, worker, await claim(tenant, worker));
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'takeover') return this.#takeOver();
    if (step.kind === 'write_with_old_fence') return this.#writeWithOldFence();
    if (step.kind === 'add') {
      await this.#inSlice((tx) => add(tx, this.run, this.run.fence, step.items));
      for (const { id, outcome } of step.items) {
        if (!this.model.has(id)) this.model.set(id, outcome);
      }
      return;
    }
    const first = new Map(step.results.map((result) => [result.id, result.outcome]));
    const results = [...first].map(([id, outcome]) => ({ id, outcome }));
    await this.#inSlice((tx) => settle(tx, this.run, this.run.fence, results));
    for (const { id, outcome } of results) {
      if (this.model.get(id) === 'pending') this.model.set(id, outcome);
    }
  }

  #inSlice<T>(work: (tx: TenantTx) => Promise<T>): Promise<T> {
    return inTenant(world.db, this.tenant, async (tx) => {
      await sql`select enter_slice(${this.run.id}, ${this.run.fence}, null)`.execute(tx.db);
      return work(tx);
    });
  }

  async #takeOver(): Promise<void> {
    await unregisterWorker(world.db, this.worker);
    await inTenant(world.db, this.tenant, (tx) =>
      sql`select take_back(${this.run.id}, ${this.run.fence}, null)`.execute(tx.db),
    );
    this.worker = await hasHandWorker(world);
    this.run = await claim(this.tenant, this.worker);
  }

  async #writeWithOldFence(): Promise<void> {
    const old = this.run.fence - 1;
    const items = [{ id: 99, outcome: 'succeeded' as const }];
    for (const write of [add, settle]) {
      const written = inTenant(world.db, this.tenant, (tx) => write(tx, this.run, old, items));
      await expect(written).rejects.toMatchObject({ code: 'run.fence_lost' });
    }
  }

  async holds(): Promise<void> {
    const run = await world.run(this.tenant, this.run.id);
    const items = await world.items(this.tenant, this.run.id);
    const count = (word: Word) => [...this.model.values()].filter((it) => it === word).length;
    expect(new Map(items.map((item) => [Number(item.subject_id), item.outcome]))).toEqual(
      this.model,
    );
    expect(run).toMatchObject({
      items_total: this.model.size,
      items_succeeded: count('succeeded'),
      items_skipped: count('skipped'),
      items_failed: count('failed'),
      items_unknown: count('unknown'),
    });
  }
}

async function claim(tenant: TenantId, worker: WorkerId): Promise<ClaimedRun> {
  const { ticketNo } = await laneOf(world, tenant, 'bulk');
  const ticket = { tenantId: tenant, lane: 'bulk' as const, ticketNo };
  const claimed = await claimSlice(world.db, world.runTypes, ticket, worker);
  if (claimed.status !== 'claimed') throw new Error(`the ticket was ${claimed.status}`);
  return claimed.run;
}

type Results = readonly { id: number; outcome: Word }[];

async function add(tx: TenantTx, run: ClaimedRun, fence: number, items: Results): Promise<void> {
  const rows = items.map(({ id, outcome }) => ({
    kind: 'number',
    id: String(id),
    label: '',
    discovers: false,
    outcome,
  }));
  await sql`select add_run_items(${run.id}, ${fence}, ${JSON.stringify(rows)}::jsonb)`.execute(
    tx.db,
  );
}

async function settle(tx: TenantTx, run: ClaimedRun, fence: number, results: Results) {
  const { rows } = await sql<{ seq: number; subject_id: string }>`
    select seq, subject_id from run_items where run_id = ${run.id}`.execute(tx.db);
  const seqOf = new Map(rows.map((row) => [Number(row.subject_id), row.seq]));
  const now = '2026-01-01T00:00:00Z';
  const values = results.map(({ id, outcome }) => {
    return { seq: seqOf.get(id) ?? 9_999, outcome, attempts: 1, startedAt: now, endedAt: now };
  });
  await sql`select checkpoint_items(${run.id}, ${fence}, ${JSON.stringify(values)}::jsonb, 1, 0, 0,
    false)`.execute(tx.db);
}

test('the counts of a run are always what its items say', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const story = await History.begin();
      for (const step of steps) {
        await story.take(step);
        await story.holds();
      }
    }),
    { numRuns: 40 },
  );
});

test.each([
  { discovers: 'pending', isPlanned: false },
  { discovers: 'succeeded', isPlanned: true },
])('a total is final only when no listing is open (one is $discovers)', async (story) => {
  const { tenant, run } = await History.begin();
  const items = [
    { kind: 'listing', id: '1', label: '', discovers: true, outcome: story.discovers },
    { kind: 'number', id: '1', label: '', discovers: false, outcome: 'pending' },
  ];
  await inTenant(world.db, tenant, async (tx) => {
    const text = JSON.stringify(items);
    await sql`select add_run_items(${run.id}, ${run.fence}, ${text}::jsonb)`.execute(tx.db);
    await sql`select checkpoint_items(${run.id}, ${run.fence}, '[]', 0, 0, 0, true)`.execute(tx.db);
  });
  const { planned_at } = await world.run(tenant, run.id);
  expect(planned_at !== null).toBe(story.isPlanned);
});
