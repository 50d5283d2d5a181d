import { afterAll, beforeAll, expect, test } from 'vitest';
import { countingRun } from './setup/counting-run.ts';
import { createQueueWorld, type QueueWorld } from './setup/queue-fixture.ts';

let world: QueueWorld;

beforeAll(async () => {
  world = await createQueueWorld([countingRun]);
});
afterAll(() => world.close());

test('a lane with nothing to do has no ticket and costs no job', async () => {
  const tenant = await world.hasTenant();
  const person = await world.hasPerson(tenant);
  await world.worker();
  const input = { name: 'idle', count: 3, itemMs: 0 };
  const { id } = await world.starts(tenant, person, countingRun, input);
  await world.ended(tenant, id);
  const { rows } = await world.asAdmin('select ticket_at, ticket_no from lanes');
  expect(rows).toEqual([{ ticket_at: null, ticket_no: '1' }]);
  await world.until(
    () => world.asAdmin('select key from graphile_worker.jobs'),
    (jobs) => jobs.rowCount === 0,
  );
});
