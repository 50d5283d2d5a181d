import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RestoreId } from '../src/kernel/ids.ts';
import { undoRestore } from '../src/restores/derive-restore.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** A restore is taken back by another one, through the same preview and gate. */
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

const namesOf = async (collection: string) =>
  (await story.simulator.objects(entra, collection)).map(({ name }) => name);

async function restores(nameContains: string): Promise<RestoreId> {
  const id = await acme.previewsBackup(backup, { selection: { nameContains } });
  expect(await acme.executes(id)).toMatchObject({ outcome: 'succeeded' });
  return id;
}

async function undoes(id: RestoreId, deleteCreated: boolean): Promise<RestoreId> {
  const undo = await acme.inTenant((tx) => undoRestore(tx, ACTOR, id, { deleteCreated }));
  await acme.previews(undo);
  return undo;
}

test('what was updated goes back to what it was before, assignments and all', async () => {
  const name = 'macOS - FileVault';
  const policy = await idOf(acme, 'configurationPolicies', name);
  const everybody = { '@odata.type': '#microsoft.graph.allLicensedUsersAssignmentTarget' };
  const mine = { description: 'mine', assignments: [{ id: 'x', target: everybody }] };
  await story.simulator.editObject(entra, 'configurationPolicies', policy, mine);
  const undo = await undoes(await restores(name), false);
  expect(await acme.restore(undo)).toMatchObject({
    origin_kind: 'undo',
    item_counts: { update: 1, create: 0, delete: 0 },
  });
  expect(await acme.executes(undo)).toMatchObject({ outcome: 'succeeded' });
  const [object] = (await story.simulator.objects(entra, 'configurationPolicies')).filter(
    ({ id }) => id === policy,
  );
  expect(object?.object).toMatchObject({
    description: 'mine',
    assignments: [{ target: everybody }],
  });
});

test('what was made is offered for deletion, deleted when chosen, and can come back', async () => {
  const name = 'Windows - Credential Guard';
  const policy = await idOf(acme, 'configurationPolicies', name);
  await story.simulator.removeObject(entra, 'configurationPolicies', policy);
  const first = await restores(name);
  const offered = await undoes(first, false);
  expect(await acme.item(offered, name)).toMatchObject({ action: 'skip', choice: 'skip' });
  const { version_id: versionId } = await acme.item(offered, name);
  await acme.edits(offered, { choices: [{ versionId, choice: 'delete', graphId: null }] });
  await acme.previews(offered);
  expect(await acme.item(offered, name)).toMatchObject({ action: 'delete', risk: 'high' });
  expect(await acme.executes(offered)).toMatchObject({ outcome: 'succeeded' });
  expect(await namesOf('configurationPolicies')).not.toContain(name);
  expect(await acme.item(offered, name)).toMatchObject({ result: 'removed' });

  const back = await undoes(offered, false);
  expect(await acme.executes(back)).toMatchObject({ outcome: 'succeeded' });
  expect(await namesOf('configurationPolicies')).toContain(name);
});

test('what somebody has changed since it was made is not deleted', async () => {
  const name = 'Windows - Screen lock';
  const policy = await idOf(acme, 'configurationPolicies', name);
  await story.simulator.removeObject(entra, 'configurationPolicies', policy);
  const first = await restores(name);
  const { result_graph_id: made } = await acme.item(first, name);
  await story.simulator.editObject(entra, 'configurationPolicies', made ?? '', {
    description: 'x',
  });
  const undo = await undoes(first, true);
  expect(await acme.item(undo, name)).toMatchObject({
    action: 'blocked',
    code: 'restore.changed_since_made',
  });
});

test('only what a restore has made can be chosen for deletion', async () => {
  const id = await acme.previewsBackup(backup, { selection: { nameContains: 'FileVault' } });
  const { version_id: versionId } = await acme.item(id, 'macOS - FileVault');
  const choices = [{ versionId, choice: 'delete' as const, graphId: null }];
  await expect(acme.edits(id, { choices })).rejects.toMatchObject({
    code: 'restore.not_deletable',
  });
});

test('a restore that was not carried out cannot be taken back', async () => {
  const id = await acme.previewsBackup(backup, { selection: { nameContains: 'FileVault' } });
  await expect(undoes(id, false)).rejects.toMatchObject({ code: 'restore.not_executed' });
});
