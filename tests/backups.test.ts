import { afterEach, beforeEach, expect, test } from 'vitest';
import { addPolicies } from '../src/backups/add-policies.ts';
import { createBackup } from '../src/backups/create-backup.ts';
import { backupIdOf } from '../src/backups/make-backup.ts';
import type { Selection } from '../src/backups/selection.ts';
import { AppError } from '../src/kernel/errors.ts';
import { newId, policyIdSchema, type RunId } from '../src/kernel/ids.ts';
import { syncPolicies } from '../src/policies/sync-policies.ts';
import { catalogBody } from './setup/scripted-graph.ts';
import { setupTenants, type TenantVerbs, type TenantWorld } from './setup/tenant-fixture.ts';

const CATALOG = 'configurationPolicy';
const ACCESS = 'conditionalAccessPolicy';
const GROUP = '6f0c8a52-1b1f-4f43-9f2e-1f1f1f1f1f01';
const ALL = { kind: 'all' } as const;
let world: TenantWorld;
let acme: TenantVerbs;

beforeEach(async () => {
  ({ world, acme } = await setupTenants());
  for (const id of ['a', 'b', 'c']) acme.graph.has(CATALOG, id, catalogBody(id));
  for (const id of ['x', 'y', 'z']) acme.graph.has(ACCESS, id, { state: 'enabled' });
});
afterEach(() => world.close());

const backUp = (selection: Selection = ALL) => acme.runs(createBackup, { selection });

function backupOf(runId: RunId) {
  return acme.inTenant(async (tx) => {
    const id = backupIdOf(runId);
    const backup = await tx.db
      .selectFrom('backups')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const items = await tx.db
      .selectFrom('backup_items')
      .selectAll()
      .where('backup_id', '=', id)
      .execute();
    return { ...backup, items };
  });
}

test('a backup holds a version of every policy, and reads none that was listed whole', async () => {
  const run = await backUp();
  expect(run).toMatchObject({ outcome: 'succeeded', items_failed: 0 });
  const backup = await backupOf(run.id);
  expect(backup).toMatchObject({ state: 'complete', made_by: 'Ada', run_id: run.id });
  expect(backup.completed_at).not.toBeNull();
  expect(backup.items).toHaveLength(6);
  expect(backup.items.every((item) => item.is_new)).toBe(true);
  expect([...acme.graph.reads].sort()).toEqual([`${CATALOG}/a`, `${CATALOG}/b`, `${CATALOG}/c`]);
});

test('a second backup stores no body and refers to the versions that are there', async () => {
  const first = await backupOf((await backUp()).id);
  const bodies = await acme.countOf('snapshots');
  const run = await backUp();
  const second = await backupOf(run.id);

  expect(await acme.countOf('snapshots')).toBe(bodies);
  expect(await acme.versions()).toHaveLength(6);
  expect(second.items.every((item) => !item.is_new)).toBe(true);
  const versionsOf = (backup: typeof first) => backup.items.map((item) => item.version_id).sort();
  expect(versionsOf(second)).toEqual(versionsOf(first));
  expect(await acme.items(run.id)).toContain(`policy ${CATALOG}/a succeeded policy.unchanged`);
});

test('bodies that are alike are stored once', async () => {
  acme.graph.has(CATALOG, 'd', { ...catalogBody('same'), name: 'same' });
  acme.graph.has(CATALOG, 'e', { ...catalogBody('same'), name: 'same' });
  await backUp({ kind: 'types', types: [CATALOG] });
  expect(await acme.versions()).toHaveLength(5);
  expect(await acme.countOf('snapshots')).toBe(4);
});

test('only the chosen types, or the chosen policies', async () => {
  const byType = await backupOf((await backUp({ kind: 'types', types: [ACCESS] })).id);
  expect(byType.items).toHaveLength(3);
  expect(acme.graph.listings).toEqual([ACCESS]);

  await acme.runs(syncPolicies, {});
  const chosen = [await acme.policyId(CATALOG, 'b'), await acme.policyId(ACCESS, 'x')];
  const listed = acme.graph.listings.length;
  const run = await backUp({ kind: 'policies', policyIds: chosen });
  const backup = await backupOf(run.id);
  expect(backup.items.map((item) => item.policy_id).sort()).toEqual(chosen.toSorted());
  expect(acme.graph.listings).toHaveLength(listed);
});

test('what a listing left out is looked at by itself, and backed up if it is there', async () => {
  await backUp();
  acme.graph.loses(CATALOG, 'a');
  acme.graph.hidden.add('b').add('x');
  acme.graph.reads.length = 0;
  const run = await backUp();

  expect(run).toMatchObject({ outcome: 'succeeded', items_failed: 0, items_skipped: 1 });
  const backup = await backupOf(run.id);
  expect(backup).toMatchObject({ state: 'complete' });
  expect(backup.items).toHaveLength(5);
  // y and z were listed whole; a is gone.
  expect(acme.graph.reads.toSorted()).toEqual(
    [`${ACCESS}/x`, `${CATALOG}/a`, `${CATALOG}/b`, `${CATALOG}/c`].sort(),
  );
  expect(await acme.items(run.id)).toContain(`policy ${CATALOG}/a skipped policy.gone`);
  expect((await acme.policy(CATALOG, 'a')).missing_since).not.toBeNull();
  expect((await acme.policy(ACCESS, 'x')).missing_since).toBeNull();
});

test('a backup of some types looks for policies of these types only', async () => {
  await backUp();
  acme.graph.hidden.add('b').add('x');
  acme.graph.reads.length = 0;
  const run = await backUp({ kind: 'types', types: [ACCESS] });
  expect((await backupOf(run.id)).items).toHaveLength(3);
  expect(acme.graph.reads).toEqual([`${ACCESS}/x`]);
});

test('a backup and a sync at once look at the same policies and agree', async () => {
  await backUp();
  acme.graph.loses(CATALOG, 'a');
  acme.graph.hidden.add('b');
  const ids = [
    await acme.starts(syncPolicies, {}),
    await acme.starts(createBackup, { selection: ALL }),
  ];
  for (const id of ids) expect(await acme.ended(id)).toMatchObject({ outcome: 'succeeded' });
  expect((await acme.policy(CATALOG, 'a')).missing_since).not.toBeNull();
  expect((await acme.policy(CATALOG, 'b')).missing_since).toBeNull();
});

test('a policy of another tenant fails by itself and its name is not told', async () => {
  const globex = await world.hasTenant('Globex');
  globex.graph.has(CATALOG, 'a', catalogBody('secret plan'));
  await globex.runs(syncPolicies, {});
  const foreign = await globex.policyId(CATALOG, 'a');
  const absent = newId(policyIdSchema);
  const run = await backUp({ kind: 'policies', policyIds: [foreign, absent] });
  expect(run.outcome).toBe('failed');
  expect(await acme.items(run.id)).toEqual(
    [`policy ${foreign} failed forbidden`, `policy ${absent} failed forbidden`].sort(),
  );
});

test('a policy that goes between listing and reading is skipped', async () => {
  acme.graph.beforeRead = (_type, id) => {
    if (id === 'b') acme.graph.loses(CATALOG, 'b');
  };
  const run = await backUp();
  expect(run.outcome).toBe('succeeded');
  expect(await acme.items(run.id)).toContain(`policy ${CATALOG}/b skipped policy.gone`);
  const backup = await backupOf(run.id);
  expect(backup).toMatchObject({ state: 'complete' });
  expect(backup.items).toHaveLength(5);
  expect((await acme.policy(CATALOG, 'b')).missing_since).not.toBeNull();
});

test('what cannot be read or kept fails alone, and the backup is incomplete', async () => {
  acme.graph.beforeRead = (_type, id) => {
    if (id === 'b') throw new AppError('graph.number_unsafe');
  };
  acme.graph.damage = (id) => (id === 'y' ? new AppError('graph.number_unsafe') : undefined);
  const run = await backUp();
  expect(run).toMatchObject({ outcome: 'partial', items_failed: 2 });
  expect(await acme.items(run.id)).toContain(`policy ${ACCESS}/y failed graph.number_unsafe`);
  const backup = await backupOf(run.id);
  expect(backup).toMatchObject({ state: 'incomplete', completed_at: null });
  expect(backup.items).toHaveLength(4);
});

test('a body the database refuses fails alone, also when it is written with others', async () => {
  await world.asAdmin(`create function refuse_one() returns trigger language plpgsql as $$
    begin
      if convert_from(new.body, 'UTF8') like '%"b%' then raise 'not this one'; end if;
      return new;
    end $$`);
  await world.asAdmin(`create trigger refuse_one before insert on snapshots
    for each row execute function refuse_one()`);
  acme.graph.has(CATALOG, 'b', { ...catalogBody(1), name: 'b' });
  const run = await acme.starts(createBackup, { selection: { kind: 'types', types: [CATALOG] } });
  await expect.poll(async () => (await acme.run(run)).items_succeeded, { timeout: 10_000 }).toBe(3);
  expect(await acme.countOf('backup_items')).toBe(2);
});

test('a backup that is cancelled ends incomplete, with what it had', async () => {
  const held = Promise.withResolvers<void>();
  const isReading = Promise.withResolvers<void>();
  acme.graph.beforeRead = async (_type, id) => {
    if (id !== 'c') return;
    isReading.resolve();
    await held.promise;
  };
  const runId = await acme.starts(createBackup, { selection: ALL });
  await isReading.promise;
  await expect.poll(() => acme.countOf('backup_items'), { timeout: 10_000 }).toBe(5);
  await acme.cancels(runId);
  held.resolve();
  expect((await acme.ended(runId)).outcome).toBe('cancelled');
  expect(await backupOf(runId)).toMatchObject({ state: 'incomplete' });
  expect((await backupOf(runId)).items).toHaveLength(5);
});

test('the groups that policies point to get names, and a backup is as good without', async () => {
  acme.graph.has(CATALOG, 'a', catalogBody('a', [GROUP]));
  acme.graph.groups.set(GROUP, 'All Berlin devices');
  acme.graph.beforeGroupNames = () => {
    throw new AppError('graph.permission_missing');
  };
  const unnamed = await backUp();
  expect(unnamed.outcome).toBe('succeeded');
  expect(await groupNames()).toEqual([]);

  acme.graph.beforeGroupNames = () => {};
  await backUp();
  expect(await groupNames()).toEqual([{ graph_id: GROUP, name: 'All Berlin devices' }]);
});

function groupNames() {
  return acme.inTenant((tx) =>
    tx.db.selectFrom('directory_groups').select(['graph_id', 'name']).execute(),
  );
}

test('policies are added to a backup once', async () => {
  const backup = await backUp({ kind: 'types', types: [ACCESS] });
  await acme.runs(syncPolicies, {});
  const policyIds = [await acme.policyId(ACCESS, 'x'), await acme.policyId(CATALOG, 'a')];
  const run = await acme.runs(addPolicies, { backupId: backupIdOf(backup.id), policyIds });
  expect(run).toMatchObject({ outcome: 'succeeded', items_succeeded: 1, items_skipped: 1 });
  expect(await acme.items(run.id)).toEqual([
    `policy ${ACCESS}/x skipped policy.already_in_backup`,
    `policy ${CATALOG}/a succeeded`,
  ]);
  expect((await backupOf(backup.id)).items).toHaveLength(4);
});

test('a backup that is half done goes on after its worker died', async () => {
  const isReading = Promise.withResolvers<void>();
  const reads = { held: 0 };
  acme.graph.beforeRead = async (_type, id) => {
    if (id !== 'c' || reads.held > 0) return;
    reads.held += 1;
    isReading.resolve();
    await new Promise<void>(() => {}); // for ever: this worker is as good as dead
  };
  const runId = await acme.starts(createBackup, { selection: ALL });
  await isReading.promise;
  await expect.poll(() => acme.countOf('backup_items'), { timeout: 10_000 }).toBe(5);
  await world.asAdmin('delete from workers');
  await world.startWorker();
  expect((await acme.ended(runId)).outcome).toBe('succeeded');
  expect((await backupOf(runId)).items).toHaveLength(6);
  expect(await acme.versions()).toHaveLength(6);
});
