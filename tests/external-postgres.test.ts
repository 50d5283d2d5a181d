import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrateDatabase } from '../src/app/migrate-database.ts';
import { type ExternalPostgres, startExternalPostgres } from './setup/external-postgres.ts';

let external: ExternalPostgres;
beforeAll(async () => {
  external = await startExternalPostgres();
});
afterAll(() => external.stop());

test('a PostgreSQL that an administrator keeps takes the whole schema, twice over', async () => {
  expect(external.majorVersion).toBeGreaterThanOrEqual(15);
  await migrateDatabase(external.ownerUrl, 'atlas_login');
  await migrateDatabase(external.ownerUrl, 'atlas_login');
  const login = new Client({ connectionString: external.loginUrl.reveal() });
  await login.connect();
  await login.query('begin; set local role atlas_tenant');
  await expect(login.query('select * from policies')).rejects.toMatchObject({ code: '42501' });
  await login.end();
});
