import { afterAll, beforeAll, expect, test } from 'vitest';
import { restoreOptionsSchema } from '../src/restores/restore-input.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** Whom a restore would reach, and what it would switch on: never more than was saved. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let entra: string;

beforeAll(async () => {
  story = await setupRestores();
  ({ acme } = story);
  entra = acme.tenant.entra.id;
});
afterAll(async () => {
  expect(await acme.writes(), 'a preview writes nothing').toBe(0);
  await story.world.close();
});

const INCLUDED = '#microsoft.graph.groupAssignmentTarget';
const EXCLUDED = '#microsoft.graph.exclusionGroupAssignmentTarget';

/** A policy assigned like this was backed up, and is not assigned any more. */
async function previewOfAssigned(
  displayName: string,
  targets: readonly { readonly type: string; readonly group?: string }[],
  meanwhile: () => Promise<void>,
) {
  const policy = crypto.randomUUID();
  await story.simulator.addObject(entra, 'deviceConfigurations', policy, {
    displayName,
    '@odata.type': '#microsoft.graph.iosGeneralDeviceConfiguration',
    assignments: targets.map(({ type, group }, at) => ({
      id: `${policy}_${at}`,
      target: { '@odata.type': type, ...(group === undefined ? {} : { groupId: group }) },
    })),
  });
  const backup = await acme.backsUp();
  await story.simulator.editObject(entra, 'deviceConfigurations', policy, { assignments: [] });
  await meanwhile();
  return acme.previewsBackup(backup, { selection: { nameContains: displayName } });
}

async function hasGroup(displayName: string): Promise<string> {
  const id = crypto.randomUUID();
  await story.simulator.addObject(entra, 'groups', id, { displayName });
  return id;
}

const deletesGroup = (id: string) => () => story.simulator.removeObject(entra, 'groups', id);

test('an assignment to a group that is gone is left out, and says so', async () => {
  const [kept, gone] = [await hasGroup('Stays'), await hasGroup('Goes')];
  const targets = [
    { type: INCLUDED, group: kept },
    { type: INCLUDED, group: gone },
  ];
  const id = await previewOfAssigned('Two groups', targets, deletesGroup(gone));
  const item = await acme.item(id, 'Two groups');
  expect(item.action).toBe('update');
  expect(item.warnings).toContainEqual({
    code: 'restore.assignment_left_out',
    at: 'assignments[].target.groupId',
    kind: 'group',
    id: gone,
  });
  const [assign] = await acme.steps(id, 'Two groups');
  expect(assign.body.assignments).toEqual([{ target: { '@odata.type': INCLUDED, groupId: kept } }]);
  expect(item.differences).toMatchObject([{ kind: 'added', label: `Assignment: Group ${kept}` }]);

  // By hand it is another group: everything that was saved comes back.
  await acme.edits(id, { mapping: { [`group:${gone}`]: kept.toUpperCase() } });
  await acme.previews(id);
  expect((await acme.item(id, 'Two groups')).warnings).toEqual([
    { code: 'restore.changed_since_backup' },
  ]);
  // Mapped to what does not exist it is as good as not mapped.
  await acme.edits(id, { mapping: { [`group:${gone}`]: crypto.randomUUID() } });
  await acme.previews(id);
  expect((await acme.item(id, 'Two groups')).warnings).toContainEqual(
    expect.objectContaining({ code: 'restore.assignment_left_out', id: gone }),
  );
});

test('without its exclusion nobody is assigned: others would be reached', async () => {
  const gone = await hasGroup('Kept out');
  const targets = [
    { type: '#microsoft.graph.allDevicesAssignmentTarget' },
    { type: EXCLUDED, group: gone },
  ];
  const id = await previewOfAssigned('All but some', targets, deletesGroup(gone));
  const item = await acme.item(id, 'All but some');
  expect(item.warnings).toContainEqual({ code: 'restore.assignments_left_out' });
  expect(item).toMatchObject({
    action: 'unchanged',
    code: 'restore.nothing_to_write',
    difference_count: 0,
    steps: null,
  });
});

test('with assignments left alone, the live ones stay', async () => {
  const group = await hasGroup('Reached');
  const target = [{ type: INCLUDED, group }];
  const id = await previewOfAssigned('Left alone', target, async () => {});
  expect(await acme.item(id, 'Left alone')).toMatchObject({ action: 'update' });
  const options = restoreOptionsSchema.parse({ withAssignments: false });
  await acme.edits(id, { options });
  await acme.previews(id);
  expect(await acme.item(id, 'Left alone')).toMatchObject({
    action: 'unchanged',
    difference_count: 0,
  });
});

test('a Conditional Access policy comes back switched off, and on only as asked', async () => {
  const name = 'Everybody, everywhere';
  const policy = crypto.randomUUID();
  await story.simulator.addObject(entra, 'conditionalAccessPolicies', policy, {
    displayName: name,
    state: 'enabled',
    conditions: {
      users: { includeUsers: ['All'], excludeUsers: [], excludeGroups: [] },
      applications: { includeApplications: ['All'] },
      clientAppTypes: ['all'],
    },
    grantControls: { operator: 'OR', builtInControls: ['mfa'] },
  });
  const backup = await acme.backsUp();
  await story.simulator.removeObject(entra, 'conditionalAccessPolicies', policy);
  const id = await acme.previewsBackup(backup, { selection: { nameContains: name } });
  expect(await acme.steps(id, name)).toMatchObject([{ body: { state: 'disabled' } }]);
  expect(await acme.item(id, name)).toMatchObject({
    risk: 'high',
    warnings: [{ code: 'restore.state_held_back' }],
  });
  const conditionalAccessState = 'asSaved' as const;
  await acme.edits(id, { options: restoreOptionsSchema.parse({ conditionalAccessState }) });
  await acme.previews(id);
  expect(await acme.steps(id, name)).toMatchObject([{ body: { state: 'enabled' } }]);
  expect((await acme.item(id, name)).warnings).toEqual([{ code: 'restore.no_break_glass' }]);
});

test('a condition that names a group that is gone is not restored without it', async () => {
  const name = 'CA003 - Admins: MFA and a compliant device';
  const policy = await idOf(acme, 'conditionalAccessPolicies', name);
  const backup = await acme.backsUp();
  const group = await idOf(acme, 'groups', 'SG-CA-BreakGlass');
  await story.simulator.removeObject(entra, 'groups', group);
  await story.simulator.editObject(entra, 'conditionalAccessPolicies', policy, {
    state: 'disabled',
  });
  const id = await acme.previewsBackup(backup, { selection: { nameContains: 'CA003' } });
  expect(await acme.item(id, name)).toMatchObject({
    action: 'unchanged',
    code: 'restore.nothing_to_write',
  });
  const conditionalAccessState = 'asSaved' as const;
  await acme.edits(id, { options: restoreOptionsSchema.parse({ conditionalAccessState }) });
  await acme.previews(id);
  expect(await acme.item(id, name)).toMatchObject({
    action: 'blocked',
    code: 'restore.mapping_missing',
    steps: null,
  });
});

test('values that Graph hides are not overwritten with their mask', async () => {
  const name = 'Windows - Custom: VPN and device tag';
  const policy = await idOf(acme, 'deviceConfigurations', name);
  const backup = await acme.backsUp();
  const selection = { nameContains: name };
  await story.simulator.editObject(entra, 'deviceConfigurations', policy, { description: 'now' });
  const plain = await acme.previewsBackup(backup, { selection });
  expect(await acme.item(plain, name)).toMatchObject({ action: 'update' });
  expect(JSON.stringify(await acme.steps(plain, name))).not.toContain('omaSettings');

  await story.simulator.removeObject(entra, 'deviceConfigurations', policy);
  const gone = await acme.previewsBackup(backup, { selection });
  const item = await acme.item(gone, name);
  expect(item).toMatchObject({ action: 'blocked', code: 'restore.secrets_missing', steps: null });
  expect(item.warnings).toContainEqual(
    expect.objectContaining({ code: 'restore.secrets_missing', at: expect.stringMatching(/^oma/) }),
  );
});

test('a type that cannot be listed blocks its items and no others', async () => {
  const backup = await acme.backsUp();
  await story.simulator.befall({
    match: { path: 'deviceConfigurations' },
    times: 'always',
    fault: { kind: 'notPermitted' },
  });
  const id = await acme.drafts({
    source: { kind: 'backup', backupId: backup },
    selection: { types: ['deviceConfiguration', 'roleScopeTag'] },
  });
  const run = await acme.previews(id);
  await story.simulator.clearFaults();
  expect(run).toMatchObject({ outcome: 'partial', items_failed: 1 });
  const items = await acme.items(id);
  const found = new Set(items.map(({ type, action, code }) => `${type} ${action} ${code}`));
  expect(found).toEqual(
    new Set([
      'deviceConfiguration blocked graph.permission_missing',
      'roleScopeTag unchanged restore.unchanged',
    ]),
  );
});
