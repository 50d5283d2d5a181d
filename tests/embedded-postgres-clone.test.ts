import { Client } from 'pg';
import { expect, test } from 'vitest';
import { createTestDatabase } from './setup/test-server.ts';

test('two test databases from one template do not see each other', async () => {
  const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const owner = new Client({ connectionString: first.ownerUrl.reveal() });
  await owner.connect();
  await owner.query('create table only_here (id int)');
  const login = new Client({ connectionString: second.loginUrl.reveal() });
  await login.connect();
  const found = await login.query(`select to_regclass('public.only_here') as name, current_user`);
  expect(found.rows).toEqual([{ name: null, current_user: 'atlas_login' }]);
  await owner.end();
  await login.end();
  await first.drop();
  await second.drop();
});
