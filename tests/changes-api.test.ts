import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { changesPageSchema } from '../src/api/changes.ts';
import { inTenant } from '../src/db/tenant-tx.ts';
import type { BackupId, PolicyId } from '../src/kernel/ids.ts';
import { type ApiWorld, setupApi } from './setup/api-fixture.ts';
import { hasBackup, hasPolicy, hasVersion } from './setup/api-records.ts';
import { catalogBody } from './setup/scripted-graph.ts';

const GROUP = '6f0c8a52-1b1f-4f43-9f2e-1f1f1f1f1f01';
const UNKNOWN = '6f0c8a52-1b1f-4f43-9f2e-1f1f1f1f1f02';
let world: ApiWorld;
let policies: PolicyId[];
let first: BackupId;
let second: BackupId;
let third: BackupId;

beforeAll(async () => {
  world = await setupApi();
  const { acme } = world;
  policies = await Promise.all(['a', 'b', 'c'].map((name) => hasPolicy(world, acme, name)));
  const [a, b, c] = policies;
  if (a === undefined || b === undefined || c === undefined) throw new Error('three policies');
  for (const id of [a, b, c]) await hasVersion(world, acme, id, 1, JSON.stringify(catalogBody(1)));
  first = await hasBackup(world, acme, [a, b]);
  const changed = catalogBody(2, [GROUP.toUpperCase(), UNKNOWN]);
  await hasVersion(world, acme, b, 2, JSON.stringify(changed), [GROUP, UNKNOWN]);
  second = await hasBackup(world, acme, [a, b]);
  third = await hasBackup(world, acme, [b, c]);
  await world.asAdmin(`update backups set state = 'complete'`);
  await inTenant(world.db, acme.id, (tx) =>
    tx.db
      .insertInto('directory_groups')
      .values({ tenant_id: acme.id, graph_id: GROUP, name: 'Finance' })
      .execute(),
  );
});
afterAll(() => world.close());

type ChangesPage = z.infer<typeof changesPageSchema>;

async function changesOf(backup: BackupId, query = ''): Promise<ChangesPage> {
  const path = `${world.acme.path}/backups/${backup}/changes${query}`;
  const answer = await world.acme.as('readonly').get(path);
  expect(answer.status, answer.text).toBe(200);
  return answer.as(changesPageSchema);
}

test('a backup is compared with the one before it, setting by setting', async () => {
  const page = await changesOf(second);
  expect(page).toMatchObject({ since: first, nextCursor: null });
  const kinds = page.items.map(({ name, kind, before, after }) => [name, kind, before, after]);
  expect(kinds).toEqual([
    ['a', 'unchanged', 1, 1],
    ['b', 'changed', 1, 2],
  ]);
  const changed = page.items.find(({ kind }) => kind === 'changed');
  expect(changed?.differenceCount).toBe(changed?.differences.length);
  expect(changed?.differences).toContainEqual(
    expect.objectContaining({ kind: 'changed', before: '1', after: '2' }),
  );
  const { status } = await world.acme.as('readonly').get(changed?.links.after ?? '');
  expect(status).toBe(200);
});

test('groups that it speaks of are named, as far as the names are known', async () => {
  expect((await changesOf(second)).groupNames).toEqual({ [GROUP]: 'Finance' });
});

test('another backup may be named, also a later one', async () => {
  const kindsOf = async (backup: BackupId, since: BackupId) =>
    (await changesOf(backup, `?since=${since}`)).items.map(({ name, kind }) => `${name} ${kind}`);
  expect(await kindsOf(third, first)).toEqual(['a left_out', 'b changed', 'c new']);
  expect(await kindsOf(first, third)).toEqual(['a new', 'b changed', 'c left_out']);
  expect(await kindsOf(second, second)).toEqual(['a unchanged', 'b unchanged']);
});

test('the first backup of its selection is all new', async () => {
  const page = await changesOf(first);
  expect(page.since).toBeNull();
  expect(page.items.map(({ kind, before }) => [kind, before])).toEqual([
    ['new', null],
    ['new', null],
  ]);
});

test('pages follow each other, and a cursor is good for its two backups only', async () => {
  const one = await changesOf(third, `?since=${first}&limit=2`);
  const two = await changesOf(third, `?since=${first}&limit=2&cursor=${one.nextCursor}`);
  expect([...one.items, ...two.items].map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(two.nextCursor).toBeNull();
  const path = `${world.acme.path}/backups/${third}/changes`;
  const other = await world.acme
    .as('readonly')
    .get(`${path}?since=${second}&cursor=${one.nextCursor}`);
  expect(other.status).toBe(403);
});

test('a body that was tampered with is told, not compared', async () => {
  await world.asAdmin('set session_replication_role = replica');
  await world.asAdmin(`alter table snapshots drop constraint snapshots_check`);
  await world.asAdmin(
    `update snapshots set body = '{}' where content_hash =
       (select content_hash from policy_versions where policy_id = $1 and number = 2)`,
    [policies[1]],
  );
  await world.asAdmin('set session_replication_role = origin');
  const path = `${world.acme.path}/backups/${second}/changes`;
  expect((await world.acme.as('readonly').get(path)).code).toBe('snapshot.damaged');
});
