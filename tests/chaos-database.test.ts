import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrateDatabase } from '../src/app/migrate-database.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../src/db/embedded/start-embedded-postgres.ts';
import { Secret } from '../src/kernel/secret.ts';
import { allEndWell, settled, startsEverywhere } from './setup/chaos-story.ts';
import { countingRun } from './setup/counting-run.ts';
import { EmbeddedFolders } from './setup/embedded-folders.ts';
import { QueueWorld } from './setup/queue-fixture.ts';
import { inDatabase } from './setup/test-server.ts';
import { WorkerCrew } from './setup/worker-crew.ts';

const TENANTS = 8;
const ITEMS = 100;

const folders = new EmbeddedFolders();
let server: EmbeddedPostgres;
let world: QueueWorld;
let crew: WorkerCrew;

beforeAll(async () => {
  // Its own, so that it can be killed; with fsync, so that nothing acknowledged may be lost.
  server = await startEmbeddedPostgres({ dataFolder: await folders.makeDataFolder() });
  await migrateDatabase(server.ownerUrl, 'atlas_login');
  const adminUrl = new Secret(inDatabase(server.adminUrl.reveal(), 'tenantatlas'));
  const database = { ...server, adminUrl, name: 'tenantatlas', drop: async () => {} };
  world = new QueueWorld(database, [countingRun]);
});
afterAll(async () => {
  await crew.close();
  await world.close();
  await server.release();
  await folders[Symbol.asyncDispose]();
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
    process.kill(await postmasterPid(), 'SIGKILL');
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

async function postmasterPid(): Promise<number> {
  const text = await readFile(join(server.dataFolder, 'pg/postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}
