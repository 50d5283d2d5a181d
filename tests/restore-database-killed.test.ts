import { afterAll, beforeAll, expect, test } from 'vitest';
import { BackupWorld } from './setup/backup-world.ts';
import { type OwnDatabase, openOwnDatabase } from './setup/own-database.ts';
import { RestoreVerbs } from './setup/restore-world.ts';
import { WorkerCrew } from './setup/worker-crew.ts';

/** PostgreSQL is killed while answers of Graph are under way: they cannot be written down. */
let database: OwnDatabase;
let world: BackupWorld;
let acme: RestoreVerbs;
let crew: WorkerCrew;
const FILTERS = 'assignmentFilters';
const NAMES = Array.from({ length: 12 }, (_, at) => `Survivor ${at}`);

beforeAll(async () => {
  database = await openOwnDatabase();
  world = await BackupWorld.open({ tenants: 1, limits: 'none' }, async () => database);
  acme = new RestoreVerbs(world, world.tenant);
  const { workerMain: main, workerEnvironment: environment } = world;
  crew = new WorkerCrew(world, 2, { main, environment });
});
afterAll(async () => {
  await crew.close();
  await world.close();
});

async function made() {
  const filters = await world.simulator.objects(acme.tenant.entra.id, FILTERS);
  return filters.filter(({ name }) => name.startsWith('Survivor'));
}

test('each object is made once, and all of it is written down in the end', async () => {
  const { id: tenantId, entra } = acme.tenant;
  for (const displayName of NAMES) {
    const body = { displayName, platform: 'iOS', rule: '(device.model -startsWith "iPad")' };
    await world.simulator.addObject(entra.id, FILTERS, crypto.randomUUID(), body);
  }
  const backup = await acme.backsUp();
  for (const { id } of await made()) await world.simulator.removeObject(entra.id, FILTERS, id);
  const id = await acme.previewsBackup(backup, { selection: { nameContains: 'Survivor' } });
  await acme.confirms(id);
  await world.simulator.clearLog();
  await world.simulator.befall({
    match: { method: 'POST', path: `${FILTERS}$` },
    times: 'always',
    fault: { kind: 'delay', ms: 400 },
  });
  const runId = await acme.starts(id);
  for (const arrived of [4, 10]) {
    await world.until(
      () => acme.sent(),
      (sent) => sent.length >= arrived,
      40_000,
    );
    await database.kill();
  }
  const ended = await world.until(
    () => world.run(tenantId, runId).catch(() => null),
    (found) => found?.phase === 'ended',
    60_000,
  );
  expect(ended).toMatchObject({ outcome: 'succeeded', items_succeeded: NAMES.length });
  expect((await made()).map(({ name }) => name).sort()).toEqual([...NAMES].sort());
  const items = await acme.items(id);
  expect(items.every(({ result }) => result === 'verified')).toBe(true);
  expect(new Set(items.map((item) => item.result_graph_id)).size).toBe(NAMES.length);
}, 120_000);
