import { afterAll, beforeAll, expect, test } from 'vitest';
import { addMember, changeMember, removeMember } from '../src/access/members.ts';
import { addUser, disableUser, findUserByName } from '../src/access/users.ts';
import { SYSTEM_ACTOR } from '../src/audit/record-audit.ts';
import { inTenant, type TenantTx } from '../src/db/tenant-tx.ts';
import { newId, userIdSchema } from '../src/kernel/ids.ts';
import { type ApiTenant, type ApiWorld, setupApi } from './setup/api-fixture.ts';
import { userOf } from './setup/matrix-world.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await setupApi();
});
afterAll(() => world.close());

function within<T>(tenant: ApiTenant, work: (tx: TenantTx) => Promise<T>): Promise<T> {
  return inTenant(world.db, tenant.id, work);
}

test('a member is added once, with an audit entry', async () => {
  const { acme } = world;
  const userId = await world.asOwner((owner) => addUser(owner, { name: 'Eve', isAdmin: false }));
  const add = () => within(acme, (tx) => addMember(tx, SYSTEM_ACTOR, { userId, role: 'operator' }));
  await add();
  await expect(add()).rejects.toMatchObject({ code: 'member.exists' });
  const { rows } = await world.asAdmin(
    'select action, details from audit_entries where subject_id = $1',
    [userId],
  );
  expect(rows).toEqual([{ action: 'member.added', details: { role: 'operator' } }]);
});

test('a changed role holds at the next request', async () => {
  const { acme } = world;
  const member = await acme.hasMember('readonly');
  const change = { userId: userOf(member), role: 'manager' } as const;
  expect((await member.get(`${acme.path}/audit`)).status).toBe(403);
  await within(acme, (tx) => changeMember(tx, SYSTEM_ACTOR, change));
  expect((await member.get(`${acme.path}/audit`)).status).toBe(200);
  await within(acme, (tx) => removeMember(tx, SYSTEM_ACTOR, change.userId));
  expect((await member.get(acme.path)).code).toBe('forbidden');
});

test('nobody is changed or removed who is no member', async () => {
  const userId = newId(userIdSchema);
  const { acme } = world;
  const change = within(acme, (tx) => changeMember(tx, SYSTEM_ACTOR, { userId, role: 'owner' }));
  await expect(change).rejects.toMatchObject({ code: 'member.unknown' });
  const remove = within(acme, (tx) => removeMember(tx, SYSTEM_ACTOR, userId));
  await expect(remove).rejects.toMatchObject({ code: 'member.unknown' });
});

test('the last owner stays, even when two leave at once', async () => {
  const { globex } = world;
  const owners = [globex.as('owner'), await globex.hasMember('owner')].map(userOf);
  const left = await Promise.allSettled(
    owners.map((userId) => within(globex, (tx) => removeMember(tx, SYSTEM_ACTOR, userId))),
  );
  expect(left.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const rejected = left.find((each) => each.status === 'rejected');
  expect(rejected?.reason).toMatchObject({ code: 'member.last_owner' });
  const remaining = owners[left.findIndex((each) => each.status === 'rejected')];
  if (remaining === undefined) throw new Error('one remains');
  const demote = within(globex, (tx) =>
    changeMember(tx, SYSTEM_ACTOR, { userId: remaining, role: 'manager' }),
  );
  await expect(demote).rejects.toMatchObject({ code: 'member.last_owner' });
});

test('users have names of their own and can be shut out', async () => {
  await world.asOwner(async (owner) => {
    const id = await addUser(owner, { name: 'Root', isAdmin: true });
    const twice = addUser(owner, { name: 'Root', isAdmin: false });
    await expect(twice).rejects.toMatchObject({ code: 'user.name_taken' });
    await disableUser(owner, id);
    const found = await findUserByName(owner, 'Root');
    expect(found).toEqual({ id, name: 'Root', isAdmin: true, isDisabled: true });
    const nobody = findUserByName(owner, 'Nobody');
    await expect(nobody).rejects.toMatchObject({ code: 'user.unknown' });
  });
});
