import { afterAll, beforeAll, expect, test } from 'vitest';
import { repairReferences, retryRestore } from '../src/restores/derive-restore.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** What is left after a restore: failed items again, references to ids that are gone. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let backup: Awaited<ReturnType<RestoreVerbs['backsUp']>>;
let entra: string;
const ACTOR = { kind: 'user', id: null, label: 'a person' } as const;

beforeAll(async () => {
  story = await setupRestores();
  ({ acme } = story);
  entra = acme.tenant.entra.id;
  backup = await acme.backsUp();
});
afterAll(() => story.world.close());

test('the failed ones again: a new restore of those alone, which makes nothing twice', async () => {
  const names = ['Windows - Credential Guard', 'Windows - Screen lock'];
  for (const name of names) {
    const policy = await idOf(acme, 'configurationPolicies', name);
    await story.simulator.removeObject(entra, 'configurationPolicies', policy);
  }
  // One is made and then its assignment is refused; the other is done.
  await story.simulator.befall({
    match: { method: 'POST', path: '/assign$' },
    fault: { kind: 'status', status: 400 },
  });
  const id = await acme.previewsBackup(backup, { selection: { types: ['configurationPolicy'] } });
  expect(await acme.executes(id)).toMatchObject({ outcome: 'partial', items_failed: 1 });
  const failed = (await acme.items(id)).filter(({ result }) => result === 'failed');
  expect(failed).toMatchObject([{ result_code: 'graph.refused' }]);

  const again = await acme.inTenant((tx) => retryRestore(tx, ACTOR, id));
  await acme.previews(again);
  expect(await acme.restore(again)).toMatchObject({ origin_kind: 'retry', origin_id: id });
  const items = await acme.items(again);
  expect(items).toMatchObject([{ name: failed[0]?.name, action: 'update', choice: 'update' }]);
  expect(await acme.executes(again)).toMatchObject({ outcome: 'succeeded' });
  const made = (await story.simulator.objects(entra, 'configurationPolicies')).filter(({ name }) =>
    names.includes(name),
  );
  expect(made.map(({ name }) => name).sort()).toEqual(names);
  await expect(acme.inTenant((tx) => retryRestore(tx, ACTOR, again))).rejects.toMatchObject({
    code: 'restore.nothing_to_retry',
  });
});

test('who refers to what was made anew is listed, and gets the new id by a repair', async () => {
  const filter = '33333333-0000-4000-8000-000000000001';
  await story.simulator.addObject(entra, 'assignmentFilters', filter, {
    displayName: 'Lost filter',
    platform: 'iOS',
    rule: '(device.model -startsWith "iPad")',
  });
  const target = {
    '@odata.type': '#microsoft.graph.allLicensedUsersAssignmentTarget',
    deviceAndAppManagementAssignmentFilterId: filter,
    deviceAndAppManagementAssignmentFilterType: 'include',
  };
  const policy = '33333333-0000-4000-8000-000000000002';
  await story.simulator.addObject(entra, 'deviceConfigurations', policy, {
    displayName: 'Refers to what is gone',
    '@odata.type': '#microsoft.graph.iosGeneralDeviceConfiguration',
    assignments: [{ id: `${policy}_all`, target }],
  });
  const own = await acme.backsUp();
  await story.simulator.removeObject(entra, 'assignmentFilters', filter);
  const id = await acme.previewsBackup(own, { selection: { nameContains: 'Lost filter' } });
  expect(await acme.executes(id)).toMatchObject({ outcome: 'succeeded' });
  const { result_graph_id: made } = await acme.item(id, 'Lost filter');
  const dangling = await acme.inTenant((tx) =>
    tx.db.selectFrom('restore_dangling').selectAll().where('restore_id', '=', id).execute(),
  );
  expect(dangling).toMatchObject([{ kind: 'assignmentFilter', old_id: filter, new_id: made }]);

  const repair = await acme.inTenant((tx) => repairReferences(tx, ACTOR, id));
  await acme.previews(repair);
  expect(await acme.items(repair)).toMatchObject([
    { name: 'Refers to what is gone', action: 'update', match_graph_id: policy },
  ]);
  expect(await acme.executes(repair)).toMatchObject({ outcome: 'succeeded' });
  const [object] = (await story.simulator.objects(entra, 'deviceConfigurations')).filter(
    (one) => one.id === policy,
  );
  expect(JSON.stringify(object?.object['assignments'])).toContain(made);
});
