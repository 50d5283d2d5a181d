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
  const found = await login.query(
    `select current_user, count(*)::int from pg_class where relname = 'only_here'`,
  );
  expect(found.rows).toEqual([{ current_user: 'atlas_login', count: 0 }]);
  await owner.end();
  await login.end();
  await first.drop();
  await second.drop();
});
