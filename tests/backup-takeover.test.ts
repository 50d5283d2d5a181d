import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBackup } from '../src/backups/create-backup.ts';
import { inTenant } from '../src/db/tenant-tx.ts';
import { BackupWorld } from './setup/backup-world.ts';
import { spawnWorker, type WorkerProcess } from './setup/worker-process.ts';

let world: BackupWorld;
let workers: WorkerProcess[] = [];

beforeAll(async () => {
  world = await BackupWorld.open({ policies: 60, limits: 'none', tenants: 1 });
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await Promise.all(workers.map((worker) => worker.exited));
  await world.close();
});

test('a worker killed in the middle of a backup: the other finishes it, whole, once', async () => {
  const { id: tenant, owner, entra } = world.tenant;
  const spawn = () => spawnWorker(world, world.workerMain, world.workerEnvironment);
  // Graph stops answering in the middle, so that the run is at work whenever the worker is killed.
  await world.simulator.befall({
    match: { path: '/configurationPolicies/' },
    skip: 25,
    times: 'always',
    fault: { kind: 'hang' },
  });
  workers = [await spawn()];
  const input = { selection: { kind: 'all' } } as const;
  const { id } = await world.starts(tenant, owner, createBackup, input);
  await world.until(
    () => world.run(tenant, id),
    (run) => run.phase === 'running' && run.items_succeeded > 20,
  );
  workers.push(await spawn());
  workers[0]?.kill('SIGKILL');
  await world.simulator.clearFaults();
  const run = await world.ended(tenant, id, 40_000);

  expect(run).toMatchObject({ outcome: 'succeeded', takeovers: 1, items_failed: 0 });
  const served = Object.entries(entra.objects).filter(
    ([collection]) => !['groups', 'organization'].includes(collection),
  );
  const held = served.reduce((sum, [, count]) => sum + count, 0);
  const kept = await inTenant(world.db, tenant, async (tx) => ({
    items: await tx.db.selectFrom('backup_items').select('policy_id').execute(),
    versions: await tx.db.selectFrom('policy_versions').select('policy_id').execute(),
    backup: await tx.db.selectFrom('backups').select('state').executeTakeFirst(),
  }));
  expect(kept.items).toHaveLength(held);
  expect(kept.versions).toHaveLength(held);
  expect(new Set(kept.versions.map((version) => version.policy_id)).size).toBe(held);
  expect(kept.backup).toEqual({ state: 'complete' });
});
