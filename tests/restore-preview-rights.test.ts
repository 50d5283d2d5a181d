import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BackupId, RestoreId } from '../src/kernel/ids.ts';
import { findStaleness } from '../src/restores/planning/find-staleness.ts';
import { removeWriteRegistration } from '../src/tenants/set-write-registration.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** A preview says which rights a restore would lack, and goes as far as it does without them. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let backup: BackupId;

beforeAll(async () => {
  story = await setupRestores();
  ({ acme } = story);
  backup = await acme.backsUp();
  const filter = await idOf(acme, 'assignmentFilters', 'Corporate iPads');
  const { id: tenant } = acme.tenant.entra;
  await story.simulator.editObject(tenant, 'assignmentFilters', filter, { description: 'x' });
});
afterAll(() => story.world.close());

/** Codes and ids of the warnings of the changed item and of all others. */
async function warnings(id: RestoreId) {
  const items = await acme.items(id);
  const told = items.map(({ name, warnings }) => ({ name, warnings: JSON.stringify(warnings) }));
  const isRight = ({ warnings }: { warnings: string }) =>
    /write_registration|permission_missing/.test(warnings);
  return told.filter(isRight).map(({ name, warnings }) => `${name}: ${warnings}`);
}

test('a permission that was not granted is named, per item to be written', async () => {
  expect(await warnings(await acme.previewsBackup(backup))).toEqual([]);
  const roles = ['Policy.ReadWrite.ConditionalAccess'];
  await story.simulator.befall({ fault: { kind: 'roles', roles, app: 'write' } });
  await acme.verifies();
  const id = await acme.previewsBackup(backup);
  expect(await warnings(id)).toEqual([
    'Corporate iPads: [{"code":"restore.changed_since_backup"},' +
      '{"code":"restore.permission_missing","kind":"permission",' +
      '"id":"DeviceManagementConfiguration.ReadWrite.All"}]',
  ]);
  expect(await acme.item(id, 'Corporate iPads')).toMatchObject({ action: 'update', code: null });
  expect(await acme.writes()).toBe(0);
});

test('so is that nothing may write; once something may, the preview is stale', async () => {
  const before = await acme.previewsBackup(backup);
  await acme.inTenant((tx) =>
    removeWriteRegistration(tx, { kind: 'user', id: null, label: 'Ada' }),
  );
  expect(await acme.isFresh(before)).toBe(false);
  const restore = await acme.restore(before);
  expect(await acme.inTenant((tx) => findStaleness(tx, restore))).toEqual([
    'restore.connection_changed',
  ]);
  const id = await acme.previewsBackup(backup);
  expect(await acme.isFresh(id)).toBe(true);
  expect(await warnings(id)).toEqual([
    expect.stringMatching(/^Corporate iPads: .*restore\.write_registration_missing/),
  ]);
});
