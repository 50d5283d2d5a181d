import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { newGroupId } from '../src/graph/writing/new-groups.ts';
import type { RestoreId } from '../src/kernel/ids.ts';
import { syncGroups } from '../src/policies/groups/sync-groups.ts';
import { restoreOptionsSchema } from '../src/restores/restore-input.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import type { FaultRule } from './setup/simulator.ts';

/** Groups that a restore would make: only those that were ticked, never twice, never to exclude. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let entra: string;

beforeAll(async () => {
  story = await setupRestores();
  ({ acme } = story);
  entra = acme.tenant.entra.id;
});
afterEach(() => story.simulator.clearFaults());
afterAll(async () => {
  expect(await acme.writes(), 'a preview writes nothing').toBe(0);
  await story.world.close();
});

const INCLUDED = '#microsoft.graph.groupAssignmentTarget';
const EXCLUDED = '#microsoft.graph.exclusionGroupAssignmentTarget';

/** A policy for a group was backed up; then both were deleted. */
async function hasLost(
  displayName: string,
  targets: readonly { readonly type: string; readonly group?: string }[],
): Promise<RestoreId> {
  const policy = crypto.randomUUID();
  await story.simulator.addObject(entra, 'deviceConfigurations', policy, {
    displayName,
    '@odata.type': '#microsoft.graph.iosGeneralDeviceConfiguration',
    assignments: targets.map(({ type, group }, at) => ({
      id: `${policy}_${at}`,
      target: { '@odata.type': type, ...(group === undefined ? {} : { groupId: group }) },
    })),
  });
  await story.world.runs(acme.tenant, syncGroups, {});
  const backup = await acme.backsUp();
  await story.simulator.removeObject(entra, 'deviceConfigurations', policy);
  for (const { group } of targets) {
    if (group !== undefined) await story.simulator.removeObject(entra, 'groups', group);
  }
  const selection = { nameContains: displayName };
  return acme.drafts({ source: { kind: 'backup', backupId: backup }, selection });
}

async function hasGroup(displayName: string, description: string | null = null): Promise<string> {
  const id = crypto.randomUUID();
  await story.simulator.addObject(entra, 'groups', id, { displayName, description });
  return id;
}

async function ticks(id: RestoreId, ...createGroups: string[]) {
  await acme.edits(id, { options: restoreOptionsSchema.parse({ createGroups }) });
  return acme.previews(id);
}

function groupsOf(id: RestoreId) {
  return acme.inTenant((tx) =>
    tx.db.selectFrom('restore_groups').selectAll().where('restore_id', '=', id).execute(),
  );
}

test('a missing group is made only when somebody ticked it, and the item says so', async () => {
  const group = await hasGroup('Finance', 'Books and invoices');
  const name = 'For Finance';
  const id = await hasLost(name, [{ type: INCLUDED, group }]);
  await acme.previews(id);
  expect(await groupsOf(id)).toEqual([]);
  expect(await acme.item(id, name)).toMatchObject({ action: 'create', new_group_ids: [] });
  expect(JSON.stringify(await acme.steps(id, name))).not.toContain(newGroupId(group));
  const { fingerprint } = await acme.restore(id);

  await ticks(id, group.toUpperCase());
  const item = await acme.item(id, name);
  expect(item).toMatchObject({ action: 'create', code: null, new_group_ids: [group] });
  expect(item.warnings).toEqual([{ code: 'restore.group_created', kind: 'group', id: group }]);
  const [, assign] = await acme.steps(id, name);
  expect(assign.body.assignments).toEqual([
    { target: { '@odata.type': INCLUDED, groupId: newGroupId(group) } },
  ]);
  const [planned] = await groupsOf(id);
  expect(planned).toMatchObject({ source_id: group, action: 'create', items: 1, graph_id: null });
  expect(JSON.parse(planned?.step?.toString('utf8') ?? '')).toMatchObject({
    name: 'create_group',
    body: { displayName: 'Finance', description: 'Books and invoices', securityEnabled: true },
  });
  expect(await acme.isFresh(id)).toBe(true);
  expect((await acme.restore(id)).fingerprint).not.toEqual(fingerprint);

  // Nobody needs the group for an item that is left out, or that leaves assignments alone.
  const options = { createGroups: [group], withAssignments: false };
  await acme.edits(id, { options: restoreOptionsSchema.parse(options) });
  await acme.previews(id);
  expect(await groupsOf(id)).toMatchObject([{ action: 'create', items: 0 }]);
  expect((await acme.item(id, name)).warnings).not.toContainEqual(
    expect.objectContaining({ code: 'restore.group_created' }),
  );
});

test('a group of the name is used, though nobody has seen it yet; of several none', async () => {
  const group = await hasGroup('Sales');
  const name = 'For the sales people';
  const id = await hasLost(name, [{ type: INCLUDED, group }]);
  const other = await hasGroup('SALES');
  await ticks(id, group);
  expect(await groupsOf(id)).toMatchObject([{ action: 'exists', graph_id: other, step: null }]);
  expect(await acme.item(id, name)).toMatchObject({ action: 'create', warnings: [] });
  expect(JSON.stringify(await acme.steps(id, name))).toContain(other);

  await hasGroup('sales');
  await ticks(id, group);
  const code = 'restore.group_ambiguous';
  expect(await groupsOf(id)).toMatchObject([{ action: 'blocked', code, items: 0 }]);
  const item = await acme.item(id, name);
  expect(item).toMatchObject({ action: 'blocked', code, steps: null });
  expect(item.warnings).toContainEqual({
    code,
    at: 'assignments[].target.groupId',
    kind: 'group',
    id: group,
  });
  // By hand it is clear which one is meant.
  await acme.edits(id, { mapping: { [`group:${group}`]: other } });
  await acme.previews(id);
  expect(await groupsOf(id)).toEqual([]);
  expect(await acme.item(id, name)).toMatchObject({ action: 'create', code: null });
});

test('a new group excludes nobody, so it is not used to exclude', async () => {
  const group = await hasGroup('Kept out');
  const everybody = { type: '#microsoft.graph.allDevicesAssignmentTarget' };
  const name = 'For all but some';
  const id = await hasLost(name, [everybody, { type: EXCLUDED, group }]);
  await ticks(id, group);
  const item = await acme.item(id, name);
  expect(item.warnings).toMatchObject([
    { code: 'restore.group_excludes_nobody', id: group },
    { code: 'restore.assignments_left_out' },
  ]);
  // It comes back assigned to nobody; no group is made for it.
  expect(await acme.steps(id, name)).toMatchObject([{ name: 'create' }]);
  expect(await groupsOf(id)).toMatchObject([{ action: 'create', items: 0 }]);
});

test('nor by Conditional Access, which is not written then', async () => {
  const group = await hasGroup('Emergency accounts');
  const policy = crypto.randomUUID();
  const name = 'Everybody but emergencies';
  await story.simulator.addObject(entra, 'conditionalAccessPolicies', policy, {
    displayName: name,
    state: 'enabled',
    conditions: {
      users: { includeUsers: ['All'], excludeGroups: [group] },
      applications: { includeApplications: ['All'] },
      clientAppTypes: ['all'],
    },
    grantControls: { operator: 'OR', builtInControls: ['mfa'] },
  });
  await story.world.runs(acme.tenant, syncGroups, {});
  const backupId = await acme.backsUp();
  await story.simulator.removeObject(entra, 'conditionalAccessPolicies', policy);
  await story.simulator.removeObject(entra, 'groups', group);
  const selection = { nameContains: name };
  const id = await acme.drafts({ source: { kind: 'backup', backupId }, selection });
  await ticks(id, group);
  const item = await acme.item(id, name);
  expect(item).toMatchObject({ action: 'blocked', code: 'restore.mapping_missing', steps: null });
  expect(item.warnings).toEqual([
    expect.objectContaining({ code: 'restore.group_excludes_nobody', id: group }),
  ]);
});

test.each<[string, FaultRule['fault'], number]>([
  ['throttled', { kind: 'throttle', retryAfter: 0.2 }, 2],
  ['cut off', { kind: 'reset' }, 1],
  ['answered, and the answer is lost', { kind: 'executedThenReset' }, 1],
])('a look for a name that is %s is repeated, and finds what is there', async (_, fault, times) => {
  const group = await hasGroup(`Depot ${fault.kind}`);
  const name = `For the depot ${fault.kind}`;
  const id = await hasLost(name, [{ type: INCLUDED, group }]);
  const other = await hasGroup(`Depot ${fault.kind}`);
  await story.simulator.befall({ match: { path: 'filter=displayName' }, times, fault });
  expect(await ticks(id, group)).toMatchObject({ outcome: 'succeeded' });
  expect(await groupsOf(id)).toMatchObject([{ action: 'exists', graph_id: other }]);
});

test('what cannot be looked for is not made: it might be there', async () => {
  const group = await hasGroup('Hidden');
  const name = 'For the hidden';
  const id = await hasLost(name, [{ type: INCLUDED, group }]);
  const fault = { kind: 'notPermitted' };
  await story.simulator.befall({ match: { path: 'filter=displayName' }, times: 'always', fault });
  expect(await ticks(id, group)).toMatchObject({ outcome: 'partial' });
  const code = 'graph.permission_missing';
  expect(await groupsOf(id)).toMatchObject([{ action: 'blocked', code }]);
  expect(await acme.item(id, name)).toMatchObject({ action: 'blocked', code, steps: null });
});

test('another tick makes the preview stale', async () => {
  const group = await hasGroup('Once');
  const id = await hasLost('For once', [{ type: INCLUDED, group }]);
  await ticks(id, group);
  expect(await acme.isFresh(id)).toBe(true);
  await acme.edits(id, { options: restoreOptionsSchema.parse({}) });
  expect(await acme.isFresh(id)).toBe(false);
});
