import { afterAll, beforeAll, expect, test } from 'vitest';
import { allEndWell, settled, startsEverywhere } from './setup/chaos-story.ts';
import { countingRun } from './setup/counting-run.ts';
import { type OwnDatabase, openOwnDatabase } from './setup/own-database.ts';
import { QueueWorld } from './setup/queue-fixture.ts';
import { WorkerCrew } from './setup/worker-crew.ts';

const TENANTS = 8;
const ITEMS = 100;

let database: OwnDatabase;
let world: QueueWorld;
let crew: WorkerCrew;

beforeAll(async () => {
  database = await openOwnDatabase();
  world = new QueueWorld(database, [countingRun]);
});
afterAll(async () => {
  await crew.close();
  await world.close();
});

test('PostgreSQL killed in the middle, twice: every run ends, every item once', async () => {
  const started = await startsEverywhere(world, TENANTS, ITEMS);
  crew = new WorkerCrew(world, 2);
  for (const share of [100, 450]) {
    const before = await world.until(
      () => settled(world),
      (count) => count !== null && count >= share,
      30_000,
    );
    await database.kill();
    // What was acknowledged is still there once it is back.
    await world.until(
      () => settled(world),
      (count) => count !== null && count >= (before ?? 0),
      30_000,
    );
  }
  await allEndWell(world, started, ITEMS);
  // A broken connection ends no process; a broken engine asks for another one, with 75.
  expect(crew.exits.filter((code) => code !== 75)).toEqual([]);
});
