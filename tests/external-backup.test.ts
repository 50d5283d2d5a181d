import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrateDatabase } from '../src/app/migrate-database.ts';
import { createBackup } from '../src/backups/create-backup.ts';
import { syncPolicies } from '../src/policies/sync-policies.ts';
import { BackupWorld } from './setup/backup-world.ts';
import { startExternalPostgres } from './setup/external-postgres.ts';

let world: BackupWorld;

beforeAll(async () => {
  world = await BackupWorld.open({ tenants: 1, limits: 'none' }, async () => {
    const external = await startExternalPostgres();
    await migrateDatabase(external.ownerUrl, 'atlas_login');
    return { name: 'external', ...external, drop: () => external.stop() };
  });
});
afterAll(() => world.close());

test('the main job works the same on a PostgreSQL 15 that somebody else keeps', async () => {
  await world.worker();
  const sync = await world.runs(world.tenant, syncPolicies, {});
  expect(sync).toMatchObject({ outcome: 'succeeded' });
  const backup = await world.runs(world.tenant, createBackup, { selection: { kind: 'all' } });
  expect(backup).toMatchObject({ outcome: 'succeeded', items_total: sync.items_total });
});
