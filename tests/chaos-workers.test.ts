import { afterAll, beforeAll, expect, test } from 'vitest';
import { allEndWell, settled, startsEverywhere } from './setup/chaos-story.ts';
import { countingRun } from './setup/counting-run.ts';
import { createQueueWorld, type QueueWorld } from './setup/queue-fixture.ts';
import { pass, seededNumbers, WorkerCrew } from './setup/worker-crew.ts';

const TENANTS = 20;
const ITEMS = 60;
const DISTURBANCES = 6;

let world: QueueWorld;
let crew: WorkerCrew;

beforeAll(async () => {
  world = await createQueueWorld([countingRun]);
});
afterAll(async () => {
  await crew.close();
  await world.close();
});

test('two workers killed and stopped at random: every item once, nothing stuck', async () => {
  const seed = Number(process.env['CHAOS_SEED'] ?? Math.trunc(performance.timeOrigin % 1e9));
  const number = seededNumbers(seed);
  const started = await startsEverywhere(world, TENANTS, ITEMS);
  crew = new WorkerCrew(world, 2);
  const total = TENANTS * (ITEMS + 1);
  for (let round = 1; round <= DISTURBANCES; round += 1) {
    // A disturbance counts when it meets work: each waits for its share of the items.
    const share = Math.trunc((total * round) / (DISTURBANCES + 2));
    await world.until(
      () => settled(world),
      (count) => count !== null && count >= share,
      30_000,
    );
    await pass(number(150));
    await disturb(number(2), number(3));
  }
  await allEndWell(world, started, ITEMS).catch((error: unknown) => {
    throw new Error(`replay with CHAOS_SEED=${seed}`, { cause: error });
  });
  const takeovers = await world.asAdmin('select sum(takeovers)::integer as sum from runs');
  expect(takeovers.rows[0]?.sum, 'the disturbances were felt').toBeGreaterThan(0);
});

/** kill -9, or asleep for longer than it takes to be declared dead, or told to stop. */
async function disturb(place: number, kind: number): Promise<void> {
  const worker = crew.at(place);
  if (kind === 0) worker?.kill('SIGKILL');
  if (kind === 1) {
    worker?.kill('SIGSTOP');
    await pass(900);
    worker?.kill('SIGCONT');
  }
  if (kind === 2) worker?.kill(place === 0 ? 'SIGTERM' : 'SIGKILL');
}
