import { afterAll, beforeAll, expect, test } from 'vitest';
import { planRestore } from '../src/restores/plan-restore.ts';
import { BackupWorld } from './setup/backup-world.ts';
import { RestoreVerbs } from './setup/restore-world.ts';
import { spawnWorker, type WorkerProcess } from './setup/worker-process.ts';

let world: BackupWorld;
let workers: WorkerProcess[] = [];

beforeAll(async () => {
  world = await BackupWorld.open({ policies: 40, limits: 'none', latencyMs: 150, tenants: 1 });
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await Promise.all(workers.map((worker) => worker.exited));
  await world.close();
});

test('a worker killed in the middle of a preview: the other comes to the same', async () => {
  const { id: tenant, owner } = world.tenant;
  const acme = new RestoreVerbs(world, world.tenant);
  const spawn = () => spawnWorker(world, 'backup-worker.ts', world.workerEnvironment);
  workers = [await spawn()];
  const backupId = await acme.backsUp();
  const restoreId = await acme.drafts({
    source: { kind: 'backup', backupId },
    selection: { types: ['configurationPolicy', 'roleScopeTag'] },
  });
  const { id } = await world.starts(tenant, owner, planRestore, { restoreId });
  await world.until(
    () => world.run(tenant, id),
    ({ items_total, items_skipped }) => items_total > 30 && items_skipped > 0,
  );
  workers[0]?.kill('SIGKILL');
  workers.push(await spawn());
  const run = await world.ended(tenant, id, 40_000);
  expect(run).toMatchObject({ outcome: 'succeeded', takeovers: 1, items_failed: 0 });
  const { fingerprint, item_counts } = await acme.restore(restoreId);
  expect(item_counts).toMatchObject({ unchanged: run.items_skipped, blocked: 0 });
  expect(await acme.isFresh(restoreId)).toBe(true);

  await acme.previews(restoreId);
  expect((await acme.restore(restoreId)).fingerprint).toEqual(fingerprint);
  expect(await acme.writes()).toBe(0);
});
