import { afterAll, beforeEach, expect, test } from 'vitest';
import { createQueueWorld, type QueueWorld } from './setup/queue-fixture.ts';
import { forget, script, scriptedRun } from './setup/scripted-run.ts';

let world: QueueWorld;
/** Names of the runs in the order in which their items were worked. */
let order: string[] = [];

beforeEach(async () => {
  await world?.close();
  world = await createQueueWorld([scriptedRun]);
  order = [];
  forget();
  script.item = async (ctx) => {
    order.push(ctx.input.name);
    return { outcome: 'succeeded' };
  };
});
afterAll(() => world.close());

test('100 small tenants behind one with 2,000 queued runs all get their turn soon', async () => {
  const big = await world.hasTenant();
  await world.asAdmin(
    `insert into runs (tenant_id, id, type, target, input, input_hash, lane, initiator_kind,
        initiator_label)
      select $1, gen_random_uuid(), 'test.scripted', 'scripted:' || n,
        jsonb_build_object('name', 'big'), sha256(n::text::bytea), 'bulk', 'schedule', 'nightly'
      from generate_series(1, 2000) n`,
    [big],
  );
  const first = await world.starts(big, null, scriptedRun, { name: 'big' });
  const small = await Promise.all(
    Array.from({ length: 100 }, async () => {
      const tenant = await world.hasTenant();
      return { tenant, ...(await world.starts(tenant, null, scriptedRun, { name: 'small' })) };
    }),
  );
  await world.worker({ slots: 2 });
  for (const { tenant, id } of small) await world.ended(tenant, id, 30_000);
  const before = order.slice(0, order.lastIndexOf('small') + 1);
  // Two slots: the big tenant holds at most one, and gives it back after 200 ms.
  expect(before.filter((name) => name === 'big').length).toBeLessThan(1_000);
  expect((await world.run(big, first.id)).phase).toBe('queued');
});

test('one slot: a slice of each tenant in turn', async () => {
  const names = ['a', 'b', 'c'];
  for (const name of names) {
    const tenant = await world.hasTenant();
    for (const index of [1, 2]) {
      await world.starts(tenant, null, scriptedRun, { name: `${name}${index}` });
    }
  }
  script.item = async (ctx) => {
    order.push(ctx.input.name);
    // Longer than short runs may share a slice, so each is a turn of its own.
    await new Promise((resolve) => setTimeout(resolve, 220));
    return { outcome: 'succeeded' };
  };
  await world.worker({ slots: 1 });
  await world.until(
    async () => order.length,
    (length) => length === 6,
  );
  expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
});

test('one slot: what a person waits for comes before what the night has queued', async () => {
  const tenants = await Promise.all(Array.from({ length: 8 }, () => world.hasTenant()));
  for (const tenant of tenants) await world.starts(tenant, null, scriptedRun, { name: 'bulk' });
  const last = await world.hasTenant();
  const person = await world.hasPerson(last);
  const { id } = await world.starts(last, person, scriptedRun, { name: 'person' });
  await world.worker({ slots: 1 });
  await world.ended(last, id);
  expect(order.slice(0, 2)).toContain('person');
});
