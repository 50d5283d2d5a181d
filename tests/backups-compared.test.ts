import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareBackups, type PolicyChange } from '../src/backups/compare-backups.ts';
import { createBackup } from '../src/backups/create-backup.ts';
import { findPreviousBackup } from '../src/backups/find-previous-backup.ts';
import { backupIdOf } from '../src/backups/make-backup.ts';
import type { Selection } from '../src/backups/selection.ts';
import type { Page } from '../src/db/keyset.ts';
import type { BackupId } from '../src/kernel/ids.ts';
import { catalogBody } from './setup/scripted-graph.ts';
import { setupTenants, type TenantVerbs, type TenantWorld } from './setup/tenant-fixture.ts';

const CATALOG = 'configurationPolicy';
const ALL = { selection: { kind: 'all' } } as const;
let world: TenantWorld;
let acme: TenantVerbs;
let before: BackupId;
let after: BackupId;

beforeAll(async () => {
  ({ world, acme } = await setupTenants());
  for (const id of ['same', 'changed', 'gone']) acme.graph.has(CATALOG, id, catalogBody('on'));
  acme.graph.has('namedLocation', 'left out');
  before = backupIdOf((await acme.runs(createBackup, ALL)).id);

  acme.graph.has(CATALOG, 'changed', catalogBody('off'));
  acme.graph.has(CATALOG, 'new', catalogBody('on'));
  acme.graph.loses(CATALOG, 'gone');
  const selection: Selection = { kind: 'types', types: [CATALOG] };
  after = backupIdOf((await acme.runs(createBackup, { selection })).id);
});
afterAll(() => world.close());

async function changes(limit: number): Promise<PolicyChange[]> {
  const found: PolicyChange[] = [];
  for (let last: [string] | undefined, isEnd = false; !isEnd; ) {
    const page = { after: last, limit };
    const answer: Page<PolicyChange> = await acme.inTenant((tx) =>
      compareBackups(tx, { before, after }, page),
    );
    found.push(...answer.rows);
    const [key] = answer.next ?? [];
    isEnd = key === undefined;
    last = key === undefined ? undefined : [key];
  }
  return found;
}

test('each policy is told as what became of it', async () => {
  const found = await changes(50);
  expect(Object.fromEntries(found.map((change) => [change.name, change.kind]))).toEqual({
    'name of same': 'unchanged',
    'name of changed': 'changed',
    'name of gone': 'gone',
    'name of new': 'new',
    'name of left out': 'left_out',
  });
});

test('a changed policy is told setting by setting', async () => {
  const changed = (await changes(50)).find((change) => change.kind === 'changed');
  expect(changed).toMatchObject({ before: 1, after: 2 });
  expect(changed?.groupIds).toEqual([]);
  expect(changed?.differences).toMatchObject([{ kind: 'changed', before: '"on"', after: '"off"' }]);
});

test('pages of any size hold each policy once', async () => {
  const whole = await changes(50);
  for (const limit of [1, 2, 3, 4]) expect(await changes(limit)).toEqual(whole);
});

test('against nothing, everything is new', async () => {
  const page = { after: undefined, limit: 50 };
  const answer = await acme.inTenant((tx) => compareBackups(tx, { before: null, after }, page));
  expect(answer.rows.map(({ kind }) => kind)).toEqual(['new', 'new', 'new']);
});

test('the backup before is the last finished one of the same selection', async () => {
  const previous = (id: BackupId) => acme.inTenant((tx) => findPreviousBackup(tx, id));
  expect(await previous(after)).toBeUndefined();
  expect(await previous(before)).toBeUndefined();
  const again = backupIdOf((await acme.runs(createBackup, ALL)).id);
  expect(await previous(again)).toBe(before);
  await world.asAdmin(`update backups set state = 'building' where id = $1`, [before]);
  expect(await previous(again)).toBeUndefined();
});

test('another tenant sees nothing of it', async () => {
  const globex = await world.hasTenant('Globex');
  expect(await globex.inTenant((tx) => findPreviousBackup(tx, after))).toBeUndefined();
  const page = { after: undefined, limit: 50 };
  const answer = await globex.inTenant((tx) => compareBackups(tx, { before, after }, page));
  expect(answer.rows).toEqual([]);
});
