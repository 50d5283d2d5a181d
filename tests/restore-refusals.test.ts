import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { removeMember } from '../src/access/members.ts';
import { SYSTEM_ACTOR } from '../src/audit/record-audit.ts';
import { createBackup } from '../src/backups/create-backup.ts';
import { backupIdOf } from '../src/backups/make-backup.ts';
import type { BackupId, RestoreId, UserId } from '../src/kernel/ids.ts';
import { confirmRestore } from '../src/restores/confirm-restore.ts';
import { executeRestore } from '../src/restores/execute-restore.ts';
import { restoreOptionsSchema } from '../src/restores/restore-input.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';
import { CALM } from './setup/worker-settings.ts';

/** What is not confirmed, not fresh, or not allowed any more is refused by a code of its own. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let backup: BackupId;
let filter: string;
const NAME = 'Corporate iPads';
const FILTERS = 'assignmentFilters';

beforeAll(async () => {
  story = await setupRestores({ tenants: 2 });
  ({ acme } = story);
  filter = await idOf(acme, FILTERS, NAME);
  await acme.backsUp();
  const { rows } = await asAdmin('select id from policies where graph_id = $1', [filter]);
  const selection = { kind: 'policies' as const, policyIds: [rows[0].id] };
  const run = await story.world.runs(acme.tenant, createBackup, { selection });
  backup = backupIdOf(run.id);
  await edits({ description: 'not as it was saved' });
  await story.simulator.clearLog();
});
afterEach(async () => {
  expect(await acme.writes(), 'nothing was written').toBe(0);
});
afterAll(() => story.world.close());

const edits = (changes: Record<string, unknown>) =>
  story.simulator.editObject(acme.tenant.entra.id, FILTERS, filter, changes);
const previewed = () => acme.previewsBackup(backup);
const asAdmin = (statement: string, values: unknown[] = []) =>
  story.world.asAdmin(statement, values);

async function confirmed(): Promise<RestoreId> {
  const id = await previewed();
  await acme.confirms(id);
  return id;
}

const starts = (id: RestoreId, by?: UserId) => acme.starts(id, by);

/** Something happens after it was started, before any worker has taken it. */
async function beginsAfter(id: RestoreId, change: () => Promise<unknown>, by?: UserId) {
  for (const worker of workers.splice(0)) await worker.stop();
  const runId = await starts(id, by);
  await change().finally(async () => workers.push(await story.world.worker(CALM)));
  const ended = await story.world.ended(acme.tenant.id, runId);
  expect(ended.started_at, 'it never began').toBeNull();
  const restore = await acme.restore(id);
  expect(restore).toMatchObject({ state: 'planned', began_at: null });
  expect(await acme.ledger(id)).toEqual([]);
  return ended;
}
const workers: { stop(): Promise<void> }[] = [];
beforeAll(() => void workers.push(story.worker));

async function confirmedBy(userId: UserId): Promise<RestoreId> {
  const id = await previewed();
  const { fingerprint } = await acme.restore(id);
  const actor = { kind: 'user', id: userId, label: 'a manager', userId } as const;
  const confirmation = {
    fingerprint: fingerprint?.toString('hex') ?? '',
    tenantName: acme.tenant.entra.name,
    reason: 'two pairs of eyes',
  };
  await acme.inTenant((tx) => confirmRestore(tx, actor, id, confirmation));
  return id;
}

const leaves = (userId: UserId) => acme.inTenant((tx) => removeMember(tx, SYSTEM_ACTOR, userId));

test('what nobody has confirmed', async () => {
  const id = await previewed();
  await expect(starts(id)).rejects.toMatchObject({ code: 'restore.not_confirmed' });
});

test('a tenant name that is typed wrong', async () => {
  const id = await previewed();
  for (const tenantName of ['', 'Northwind', `${acme.tenant.entra.name}!`]) {
    await expect(acme.confirms(id, { tenantName })).rejects.toMatchObject({
      code: 'restore.tenant_name_wrong',
    });
  }
  await expect(starts(id)).rejects.toMatchObject({ code: 'restore.not_confirmed' });
});

test('but not one that only looks different to a computer', async () => {
  const composed = 'Z\u00fcrcher B\u00e4ckerei';
  await asAdmin('update tenants set name = $2 where id = $1', [acme.tenant.id, composed]);
  const id = await previewed();
  const { confirmed_at: before } = await acme.restore(id);
  expect(before).toBeNull();
  await acme.confirms(id, { tenantName: `  ${composed.normalize('NFD')}\t` });
  expect((await acme.restore(id)).confirmed_at).not.toBeNull();
  const { name } = acme.tenant.entra;
  await asAdmin('update tenants set name = $2 where id = $1', [acme.tenant.id, name]);
});

test('the fingerprint of another preview', async () => {
  const id = await previewed();
  const fingerprint = 'ab'.repeat(32);
  await expect(acme.confirms(id, { fingerprint })).rejects.toMatchObject({
    code: 'restore.other_preview',
  });
});

test('a preview that writes nothing', async () => {
  const whole = await acme.backsUp();
  const id = await acme.previewsBackup(whole, { selection: { nameContains: 'Macs' } });
  await expect(acme.confirms(id)).rejects.toMatchObject({ code: 'restore.nothing_to_do' });
});

const CHANGES: readonly [string, string, (id: RestoreId) => Promise<unknown>][] = [
  [
    'an option that was changed',
    'restore.edited',
    (id) => acme.edits(id, { options: restoreOptionsSchema.parse({ namePrefix: 'x' }) }),
  ],
  ['a mapping that was changed', 'restore.edited', (id) => maps(id)],
  ['a backup that holds more than it did', 'restore.source_changed', (id) => addsToSource(id)],
  [
    'a connection with another credential',
    'restore.connection_changed',
    () =>
      asAdmin('update connections set version = version + 1 where tenant_id = $1', [
        acme.tenant.id,
      ]),
  ],
  [
    'rules of another version',
    'restore.contracts_changed',
    (id) => asAdmin(`update restores set contracts_version = 'old' where id = $1`, [id]),
  ],
  [
    'a preview of an hour ago',
    'restore.preview_expired',
    (id) =>
      asAdmin(`update restores set planned_at = now() - interval '1 hour' where id = $1`, [id]),
  ],
];

const maps = (id: RestoreId) => acme.edits(id, { mapping: { 'group:a': 'b' } });

/** Another policy joins the backup. */
async function addsToSource(id: RestoreId): Promise<void> {
  const { backup_id } = await acme.restore(id);
  const { rows } = await asAdmin(
    `select p.id from policies p where p.tenant_id = $1 and p.type = 'assignmentFilter'
       and not exists (select 1 from backup_items i where i.policy_id = p.id and i.backup_id = $2)`,
    [acme.tenant.id, backup_id],
  );
  const [policy] = rows;
  await asAdmin(
    `insert into backup_items (tenant_id, backup_id, policy_id, version_id, is_new)
     select tenant_id, $2, policy_id, id, false from policy_versions where policy_id = $1 limit 1`,
    [policy.id, backup_id],
  );
}

test.each(CHANGES)('%s, at the start', async (_, code, change) => {
  const id = await confirmed();
  await change(id);
  await expect(starts(id)).rejects.toMatchObject({ code });
  await expect(acme.confirms(id)).rejects.toMatchObject({ code });
});

test.each(CHANGES)('%s, before it begins', async (_, code, change) => {
  const id = await confirmed();
  const run = await beginsAfter(id, () => change(id));
  expect(run).toMatchObject({ outcome: 'blocked', code });
});

test('a preview that was made again has to be confirmed again', async () => {
  const id = await confirmed();
  await acme.previews(id);
  await expect(starts(id)).rejects.toMatchObject({ code: 'restore.not_confirmed' });
});

test('somebody confirmed it who may not do so any more', async () => {
  const manager = await story.world.hasPerson(acme.tenant.id, 'manager');
  const id = await confirmedBy(manager);
  const run = await beginsAfter(id, () => leaves(manager));
  expect(run).toMatchObject({ outcome: 'blocked', code: 'run.rights_missing' });
  await expect(starts(id)).rejects.toMatchObject({ code: 'run.rights_missing' });
});

test('somebody started it who may not do so any more', async () => {
  const manager = await story.world.hasPerson(acme.tenant.id, 'manager');
  const id = await confirmed();
  const run = await beginsAfter(id, () => leaves(manager), manager);
  expect(run).toMatchObject({ outcome: 'blocked', code: 'run.rights_missing' });
});

test.each([
  ['what is to be brought back', 'snapshots', 'body', 'snapshots_check'],
  ['the requests', 'restore_items', 'steps', 'restore_items_check1'],
])('one flipped bit in %s', async (_, table, column, check) => {
  const id = await confirmed();
  const flip = `update ${table} set ${column} =
    set_bit(${column}, 42, 1 - get_bit(${column}, 42)) where ${column} is not null`;
  // What a failing disk does: past every trigger and check.
  const run = await beginsAfter(id, async () => {
    await asAdmin(`alter table ${table} disable trigger all`);
    await asAdmin(`alter table ${table} drop constraint ${check}`);
    await asAdmin(flip);
  });
  expect(run).toMatchObject({ outcome: 'blocked', code: 'snapshot.damaged' });
  await asAdmin(flip);
});

test('a restore of another tenant', async () => {
  const [, other] = story.tenants;
  const id = await confirmed();
  await expect(other?.starts(id)).rejects.toMatchObject({ code: 'forbidden' });
});

test.each([
  [
    'a connection that was not verified of late',
    'connection.not_verified',
    'connections',
    'verified_at',
  ],
  [
    'an application for writing that was not',
    'connection.write_not_verified',
    'write_registrations',
    'verified_at',
  ],
  [
    'writing that is not armed any more',
    'connection.not_armed',
    'write_registrations',
    'armed_until',
  ],
])('%s', async (_, code, table, column) => {
  const id = await confirmed();
  const { rows } = await asAdmin(`select ${column} as at from ${table} where tenant_id = $1`, [
    acme.tenant.id,
  ]);
  const sets = (value: unknown) =>
    asAdmin(`update ${table} set ${column} = $2 where tenant_id = $1`, [acme.tenant.id, value]);
  const long = new Date(Date.UTC(2020, 0));
  expect(await beginsAfter(id, () => sets(long))).toMatchObject({ outcome: 'blocked', code });
  await sets(rows[0].at);
});

test('a tenant that is not connected any more', async () => {
  const id = await confirmed();
  const run = await beginsAfter(id, () =>
    asAdmin('delete from connections where tenant_id = $1', [acme.tenant.id]),
  );
  expect(run).toMatchObject({ outcome: 'blocked', code: 'connection.missing' });
  const { id: tenantId, owner } = acme.tenant;
  const again = story.world.starts(tenantId, owner, executeRestore, { restoreId: id });
  await expect(again).rejects.toMatchObject({ code: 'restore.connection_changed' });
});
