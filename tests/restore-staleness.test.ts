import { afterAll, beforeAll, expect, test } from 'vitest';
import { addPolicies } from '../src/backups/add-policies.ts';
import { createBackup } from '../src/backups/create-backup.ts';
import { backupIdOf } from '../src/backups/make-backup.ts';
import type { BackupId, RestoreId } from '../src/kernel/ids.ts';
import { planRestore } from '../src/restores/plan-restore.ts';
import { findStaleness } from '../src/restores/planning/find-staleness.ts';
import { restoreOptionsSchema } from '../src/restores/restore-input.ts';
import { cancelRunForStory } from './setup/cancel.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** Whatever a preview was made from makes it stale when it is changed. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let backup: BackupId;

beforeAll(async () => {
  story = await setupRestores();
  ({ acme } = story);
  const filter = await idOf(acme, 'assignmentFilters', 'Corporate iPads');
  await acme.backsUp();
  const { entra } = acme.tenant;
  await story.simulator.editObject(entra.id, 'assignmentFilters', filter, { description: 'x' });
  const selection = { kind: 'types', types: ['assignmentFilter'] } as const;
  const types = { ...selection, types: [...selection.types] };
  const run = await story.world.runs(acme.tenant, createBackup, { selection: types });
  backup = backupIdOf(run.id);
  await story.simulator.editObject(entra.id, 'assignmentFilters', filter, { description: 'y' });
});
afterAll(() => story.world.close());

function previewed(): Promise<RestoreId> {
  return acme.previewsBackup(backup);
}

async function expectStale(id: RestoreId, ...codes: string[]): Promise<void> {
  expect(await acme.isFresh(id)).toBe(false);
  const restore = await acme.restore(id);
  expect(await acme.inTenant((tx) => findStaleness(tx, restore))).toEqual(codes);
}

test('untouched it is fresh, and a second preview of the same comes to the same', async () => {
  const id = await previewed();
  expect(await acme.isFresh(id)).toBe(true);
  const before = (await acme.restore(id)).fingerprint;
  await acme.previews(id);
  expect((await acme.restore(id)).fingerprint).toEqual(before);
  expect((await acme.restore(id)).item_counts).toMatchObject({ update: 1 });
});

test('without a preview nothing is fresh', async () => {
  const id = await acme.drafts({ source: { kind: 'backup', backupId: backup } });
  await expectStale(id, 'restore.not_previewed');
});

test.each([
  ['the selection', { selection: { nameContains: 'Mac' } }],
  ['the mapping', { mapping: { 'group:a': 'b' } }],
  ['an option', { options: restoreOptionsSchema.parse({ namePrefix: 'Copy of ' }) }],
])('%s', async (_what, edit) => {
  const id = await previewed();
  await acme.edits(id, edit);
  await expectStale(id, 'restore.edited');
  await acme.previews(id);
  expect(await acme.isFresh(id)).toBe(true);
});

test('the choice about an item', async () => {
  const id = await previewed();
  const { version_id: versionId } = await acme.item(id, 'Corporate iPads');
  await acme.edits(id, { choices: [{ versionId, choice: 'skip', graphId: null }] });
  await expectStale(id, 'restore.edited');
});

test('not its name', async () => {
  const id = await previewed();
  await acme.edits(id, { name: 'Another name' });
  expect(await acme.isFresh(id)).toBe(true);
});

test('the source: a backup that was added to holds more than was previewed', async () => {
  const id = await previewed();
  const policy = await acme.inTenant((tx) =>
    tx.db.selectFrom('policies').select('id').where('type', '=', 'roleScopeTag').execute(),
  );
  const policyIds = policy.slice(0, 1).map((row) => row.id);
  await story.world.runs(acme.tenant, addPolicies, { backupId: backup, policyIds });
  expect(await acme.isFresh(id)).toBe(false);
});

test('the source: another backup in its place', async () => {
  const id = await previewed();
  const other = await acme.backsUp();
  await story.world.asAdmin('update restores set backup_id = $2 where id = $1', [id, other]);
  expect(await acme.isFresh(id)).toBe(false);
});

test('the source: the backup is gone', async () => {
  const id = await previewed();
  await story.world.asAdmin('update restores set backup_id = null where id = $1', [id]);
  await expectStale(id, 'restore.source_missing');
  const run = await acme.previews(id);
  expect(run).toMatchObject({ outcome: 'failed', code: 'restore.source_missing' });
});

test('the connection: another credential may see another tenant', async () => {
  const id = await previewed();
  const bump = (by: number) =>
    story.world.asAdmin('update connections set version = version + $1', [by]);
  await bump(1);
  await expectStale(id, 'restore.connection_changed');
  await bump(-1);
  expect(await acme.isFresh(id)).toBe(true);
});

test('what would write: another credential may be allowed other things', async () => {
  const id = await previewed();
  const bump = (by: number) =>
    story.world.asAdmin('update write_registrations set version = version + $1', [by]);
  await bump(1);
  await expectStale(id, 'restore.connection_changed');
  await bump(-1);
  expect(await acme.isFresh(id)).toBe(true);
  await acme.armsWriting();
  await acme.verifies();
  expect(await acme.isFresh(id)).toBe(true);
});

test.each([
  ['requests', `steps = '[]', steps_hash = sha256('[]')`],
  ['the live body', `live_hash = sha256('x')`],
  ['the match', `match_graph_id = 'another'`],
  ['what is to be done', `action = 'skip'`],
])('%s that were tampered with', async (_what, change) => {
  const id = await previewed();
  await story.world.asAdmin(
    `update restore_items set ${change} where restore_id = $1 and steps is not null`,
    [id],
  );
  expect(await acme.isFresh(id)).toBe(false);
});

test('contracts of another version', async () => {
  const id = await previewed();
  await story.world.asAdmin(`update restores set contracts_version = 'old' where id = $1`, [id]);
  const restore = await acme.restore(id);
  expect(await acme.inTenant((tx) => findStaleness(tx, restore))).toEqual([
    'restore.contracts_changed',
  ]);
});

test('an hour', async () => {
  const id = await previewed();
  const age = (minutes: number) =>
    story.world.asAdmin(
      `update restores set planned_at = now() - $2 * interval '1 minute' where id = $1`,
      [id, minutes],
    );
  await age(59);
  expect(await acme.isFresh(id)).toBe(true);
  await age(60);
  await expectStale(id, 'restore.preview_expired');
});

test('a preview that cannot begin leaves the one before', async () => {
  const id = await previewed();
  await story.world.asAdmin(`update restores set backup_id = null where id = $1`, [id]);
  expect(await acme.previews(id)).toMatchObject({ outcome: 'failed' });
  await story.world.asAdmin(`update restores set backup_id = $2 where id = $1`, [id, backup]);
  expect(await acme.isFresh(id)).toBe(true);
});

test('a preview that is broken off leaves none', async () => {
  const id = await previewed();
  await story.simulator.befall({ times: 'always', fault: { kind: 'hang' } });
  const { id: tenantId, owner } = acme.tenant;
  const run = await story.world.starts(tenantId, owner, planRestore, { restoreId: id });
  await story.world.until(
    () => story.world.run(tenantId, run.id),
    ({ items_total }) => items_total > 0,
  );
  await cancelRunForStory(story.world, tenantId, run.id);
  expect(await story.world.ended(tenantId, run.id)).toMatchObject({ outcome: 'cancelled' });
  await story.simulator.clearFaults();
  await expectStale(id, 'restore.not_previewed');
  await acme.previews(id);
  expect(await acme.isFresh(id)).toBe(true);
});

test('a tenant that is not connected any more', async () => {
  const id = await previewed();
  await story.world.asAdmin('delete from connections');
  await expectStale(id, 'restore.connection_changed');
});
