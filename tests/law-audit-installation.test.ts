import { afterAll, beforeAll, expect, test } from 'vitest';
import { createToken, revokeToken } from '../src/access/tokens.ts';
import { addUser, disableUser } from '../src/access/users.ts';
import { withOwner } from '../src/db/owner-client.ts';
import { createTestDatabase, type TestDatabase } from './setup/test-server.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('who was let in and shut out is written down, whatever command did it', async () => {
  const entries = await withOwner(database.ownerUrl, async (owner) => {
    const userId = await addUser(owner, { name: 'Ada', isAdmin: false });
    const expiresAt = new Date(Date.UTC(2100, 0));
    const token = { userId, name: 'night', scopes: [], tenantIds: null, expiresAt };
    const { id } = await createToken(owner, token);
    await revokeToken(owner, id);
    await revokeToken(owner, id);
    await disableUser(owner, userId);
    await disableUser(owner, userId);
    const { rows } = await owner.query(
      `select action, subject_id = $1 as is_user, signed_in_as
       from installation_entries order by id`,
      [userId],
    );
    return rows;
  });
  const signed_in_as = 'atlas_owner';
  expect(entries).toEqual([
    { action: 'user.added', is_user: true, signed_in_as },
    { action: 'token.created', is_user: false, signed_in_as },
    { action: 'token.revoked', is_user: false, signed_in_as },
    { action: 'user.disabled', is_user: true, signed_in_as },
  ]);
});

test('not even the owner of the database can change what was written down', async () => {
  await withOwner(database.ownerUrl, async (owner) => {
    await addUser(owner, { name: 'Grace', isAdmin: false });
    for (const change of [
      "update installation_entries set action = 'nothing'",
      'delete from installation_entries',
      'truncate installation_entries',
    ]) {
      await expect(owner.query(change)).rejects.toMatchObject({ code: '42501' });
    }
  });
});
