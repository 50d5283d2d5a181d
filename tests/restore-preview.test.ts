import { afterAll, beforeAll, expect, test } from 'vitest';
import { planRestore } from '../src/restores/plan-restore.ts';
import { pendingId } from '../src/restores/planning/resolve-references.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** What the preview says of a tenant that changed since its backup. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let backup: Awaited<ReturnType<RestoreVerbs['backsUp']>>;
let entra: string;

beforeAll(async () => {
  story = await setupRestores();
  ({ acme } = story);
  entra = acme.tenant.entra.id;
  backup = await acme.backsUp();
});
afterAll(async () => {
  expect(await acme.writes(), 'a preview writes nothing').toBe(0);
  await story.world.close();
});

const previewOf = (nameContains: string, more = {}) =>
  acme.previewsBackup(backup, { selection: { nameContains }, ...more });

test('of what is as it was nothing would be written', async () => {
  const id = await acme.drafts({ source: { kind: 'backup', backupId: backup } });
  const run = await acme.previews(id);
  expect(run).toMatchObject({ outcome: 'succeeded', items_failed: 0 });
  const items = await acme.items(id);
  expect(items.length).toBeGreaterThan(50);
  expect(new Set(items.map(({ action }) => action))).toEqual(new Set(['unchanged']));
  expect(items.flatMap(({ warnings }) => warnings)).toEqual([]);
  expect((await acme.restore(id)).item_counts).toMatchObject({ unchanged: items.length });
  expect(await acme.isFresh(id)).toBe(true);
});

test('what was switched off would be updated: the setting that goes back is shown', async () => {
  const name = 'macOS - FileVault';
  const policy = await idOf(acme, 'configurationPolicies', name);
  await story.simulator.editObject(entra, 'configurationPolicies', policy, { description: 'off' });
  const id = await previewOf(name);
  const item = await acme.item(id, name);
  expect(item).toMatchObject({ action: 'update', match_kind: 'same_id', match_graph_id: policy });
  expect(item.difference_count).toBe(1);
  expect(item.differences).toMatchObject([{ label: 'Description', before: 'off' }]);
  expect(item.warnings).toEqual([{ code: 'restore.changed_since_backup' }]);
  const steps = await acme.steps(id, name);
  expect(steps).toMatchObject([{ name: 'replace', method: 'PUT', isCreate: false }]);
});

test('what was deleted would be created, also when nobody has noticed yet', async () => {
  const name = 'Windows - Credential Guard';
  const gone = await idOf(acme, 'configurationPolicies', name);
  await story.simulator.removeObject(entra, 'configurationPolicies', gone);
  const id = await previewOf(name);
  expect(await acme.item(id, name)).toMatchObject({ action: 'create', match_kind: 'none' });
  const [create] = await acme.steps(id, name);
  expect(create).toMatchObject({ name: 'create', method: 'POST', body: { name } });
});

test('several objects of the name are shown; one is chosen by hand, never guessed', async () => {
  const name = 'Windows - LAPS twice';
  const twins = ['11111111-0000-4000-8000-000000000001', '11111111-0000-4000-8000-000000000002'];
  const saved = '11111111-0000-4000-8000-000000000000';
  const body = {
    displayName: name,
    '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
  };
  await story.simulator.addObject(entra, 'deviceConfigurations', saved, body);
  const own = await acme.backsUp();
  await story.simulator.removeObject(entra, 'deviceConfigurations', saved);
  for (const twin of twins) {
    await story.simulator.addObject(entra, 'deviceConfigurations', twin, {
      ...body,
      description: 'another',
    });
  }
  const selection = { nameContains: name };
  const id = await acme.previewsBackup(own, { selection });
  const item = await acme.item(id, name);
  expect(item).toMatchObject({ action: 'blocked', code: 'restore.match_ambiguous' });
  expect(item).toMatchObject({ match_graph_id: null, candidates: twins, steps: null });

  const [, second = ''] = twins;
  const choice = { versionId: item.version_id, choice: 'update' as const, graphId: second };
  await acme.edits(id, { choices: [choice] });
  await acme.previews(id);
  expect(await acme.item(id, name)).toMatchObject({
    action: 'update',
    match_kind: 'chosen',
    match_graph_id: second,
  });
  await acme.edits(id, { choices: [{ ...choice, choice: 'create', graphId: null }] });
  await acme.previews(id);
  const created = await acme.item(id, name);
  expect(created.action).toBe('create');
  expect(created.warnings).toContainEqual({ code: 'restore.name_exists' });
  await acme.edits(id, { choices: [{ ...choice, choice: 'skip', graphId: null }] });
  await acme.previews(id);
  expect(await acme.item(id, name)).toMatchObject({ action: 'skip', code: 'restore.skip_chosen' });
});

test('an object with another name lives on: identity is the id', async () => {
  const name = 'Windows - Screen lock';
  const policy = await idOf(acme, 'configurationPolicies', name);
  await story.simulator.editObject(entra, 'configurationPolicies', policy, { name: 'Renamed' });
  const id = await previewOf(name);
  expect(await acme.item(id, name)).toMatchObject({ action: 'update', match_kind: 'same_id' });
});

test('what refers to a deleted filter waits for it: the filter comes first', async () => {
  const name = 'Corporate iPads';
  const filter = await idOf(acme, 'assignmentFilters', name);
  const policy = 'Uses the filter';
  const own = await backUpBoth(policy, filter);
  const types = ['assignmentFilter', 'deviceConfiguration'] as const;
  const id = await acme.previewsBackup(own, { selection: { types: [...types] } });
  const first = await acme.item(id, name);
  const second = await acme.item(id, policy);
  expect([first.action, second.action]).toEqual(['create', 'create']);
  expect(second.position).toBeGreaterThan(first.position);
  expect(second.depends_on).toEqual([first.version_id]);
  expect(JSON.stringify(await acme.steps(id, policy))).toContain(pendingId(first.version_id));

  // Without the filter there is nobody whom the assignment could be cut down to.
  const alone = await acme.previewsBackup(own, { selection: { nameContains: policy } });
  const item = await acme.item(alone, policy);
  expect(item.warnings).toContainEqual(
    expect.objectContaining({ code: 'restore.assignment_left_out', id: filter }),
  );
  const steps = await acme.steps(alone, policy);
  expect(steps.map((step: { name: string }) => step.name)).toEqual(['create']);
});

test('a damaged snapshot is not previewed, and what needs it is blocked with it', async () => {
  const filter = '33333333-0000-4000-8000-000000000000';
  await story.simulator.addObject(entra, 'assignmentFilters', filter, {
    displayName: 'Needed filter',
    platform: 'iOS',
    rule: '(device.model -startsWith "iPad")',
  });
  const own = await backUpBoth('Needs that filter', filter);
  await story.world.asAdmin(
    `set session_replication_role = replica;
     alter table snapshots drop constraint snapshots_check;
     update snapshots set body = set_byte(body, 5, get_byte(body, 5) # 1) where content_hash =
       (select content_hash from policy_versions where name = 'Needed filter')`,
  );
  const id = await acme.drafts({
    source: { kind: 'backup', backupId: own },
    selection: { nameContains: 'Need' },
  });
  const run = await acme.previews(id);
  expect(run).toMatchObject({ outcome: 'partial', items_failed: 1 });
  expect(await acme.item(id, 'Needed filter')).toMatchObject({
    action: 'blocked',
    code: 'restore.item_not_previewed',
  });
  expect(await acme.item(id, 'Needs that filter')).toMatchObject({
    action: 'blocked',
    code: 'restore.dependency_blocked',
    steps: null,
  });
});

/** A policy that is assigned with a filter; backed up with it, and then both are deleted. */
async function backUpBoth(displayName: string, filter: string) {
  const policy = crypto.randomUUID();
  const target = {
    '@odata.type': '#microsoft.graph.allLicensedUsersAssignmentTarget',
    deviceAndAppManagementAssignmentFilterId: filter,
    deviceAndAppManagementAssignmentFilterType: 'include',
  };
  await story.simulator.addObject(entra, 'deviceConfigurations', policy, {
    displayName,
    '@odata.type': '#microsoft.graph.iosGeneralDeviceConfiguration',
    assignments: [{ id: `${policy}_all`, target }],
  });
  const made = await acme.backsUp();
  await story.simulator.removeObject(entra, 'assignmentFilters', filter);
  await story.simulator.removeObject(entra, 'deviceConfigurations', policy);
  return made;
}

test('a preview that waits and goes on in another slice keeps what it had found', async () => {
  const name = 'macOS - Login window';
  const gone = await idOf(acme, 'configurationPolicies', name);
  await story.simulator.removeObject(entra, 'configurationPolicies', gone);
  // Whether it is really gone cannot be asked for a while: more often than a read is repeated.
  await story.simulator.befall({
    match: { path: `configurationPolicies/${gone}` },
    times: 12,
    fault: { kind: 'status', status: 503 },
  });
  const id = await acme.drafts({
    source: { kind: 'backup', backupId: backup },
    selection: { nameContains: name },
  });
  expect(await acme.previews(id)).toMatchObject({ outcome: 'succeeded' });
  await story.simulator.clearFaults();
  expect(await acme.item(id, name)).toMatchObject({ action: 'create' });
});

test('only one run at a time previews a restore; a second start joins it', async () => {
  const id = await acme.drafts({
    source: { kind: 'backup', backupId: backup },
    selection: { types: ['namedLocation'] },
  });
  await story.simulator.befall({
    match: { path: 'namedLocations' },
    fault: { kind: 'delay', ms: 500 },
  });
  const { id: tenantId, owner } = acme.tenant;
  const first = await story.world.starts(tenantId, owner, planRestore, { restoreId: id });
  const second = await story.world.starts(tenantId, owner, planRestore, { restoreId: id });
  expect(second).toEqual({ id: first.id, wasReused: true });
  await expect(acme.edits(id, { name: 'while it runs' })).rejects.toMatchObject({
    code: 'restore.preview_running',
  });
  await story.world.ended(tenantId, first.id);
  await acme.edits(id, { name: 'afterwards' });
  expect(await acme.isFresh(id)).toBe(true);
});
