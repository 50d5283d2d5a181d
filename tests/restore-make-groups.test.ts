import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RestoreId } from '../src/kernel/ids.ts';
import { syncGroups } from '../src/policies/groups/sync-groups.ts';
import { restoreOptionsSchema } from '../src/restores/restore-input.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';

/**
 * Groups that were ticked are made once, before what names them, whatever becomes of the answer.
 */
let story: RestoreWorld;
let acme: RestoreVerbs;
let entra: string;
const POST_GROUP = { method: 'POST', path: '^/beta/groups$' };

beforeAll(async () => {
  story = await setupRestores();
  ({ acme } = story);
  entra = acme.tenant.entra.id;
});
afterEach(() => story.simulator.clearFaults());
afterAll(() => story.world.close());

const groupsNamed = async (name: string) =>
  (await story.simulator.objects(entra, 'groups')).filter((group) => group.name === name);

/** A policy for a group; both are lost, and the group is ticked. */
async function hasTicked(groupName: string): Promise<{ id: RestoreId; policyName: string }> {
  const group = crypto.randomUUID();
  const policy = crypto.randomUUID();
  const policyName = `For ${groupName}`;
  await story.simulator.addObject(entra, 'groups', group, { displayName: groupName });
  const target = { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId: group };
  await story.simulator.addObject(entra, 'deviceConfigurations', policy, {
    displayName: policyName,
    '@odata.type': '#microsoft.graph.iosGeneralDeviceConfiguration',
    assignments: [{ id: `${policy}_${group}`, target }],
  });
  await story.world.runs(acme.tenant, syncGroups, {});
  const backupId = await acme.backsUp();
  await story.simulator.removeObject(entra, 'deviceConfigurations', policy);
  await story.simulator.removeObject(entra, 'groups', group);
  const id = await acme.drafts({
    source: { kind: 'backup', backupId },
    selection: { nameContains: policyName },
    options: restoreOptionsSchema.parse({ createGroups: [group] }),
  });
  await acme.previews(id);
  expect(await acme.item(id, policyName)).toMatchObject({
    action: 'create',
    new_group_ids: [group],
  });
  return { id, policyName };
}

async function isAssignedToTheOnly(groupName: string, policyName: string): Promise<void> {
  const groups = await groupsNamed(groupName);
  expect(groups).toHaveLength(1);
  const policies = await story.simulator.objects(entra, 'deviceConfigurations');
  const made = policies.filter(({ name }) => name === policyName);
  expect(made).toMatchObject([
    { object: { assignments: [{ target: { groupId: groups[0]?.id } }] } },
  ]);
}

test('a ticked group is made, then the policy is assigned to it', async () => {
  const { id, policyName } = await hasTicked('Finance');
  expect(await acme.executes(id)).toMatchObject({ outcome: 'succeeded' });
  await isAssignedToTheOnly('Finance', policyName);
});

test.each([
  ['throttled', { kind: 'throttle', retryAfter: 1 }],
  ['executed, and the answer is lost', { kind: 'executedThenReset' }],
  ['executed, but answered 504', { kind: 'executedThenStatus', status: 504 }],
  ['cut before it was done', { kind: 'reset' }],
  ['not done, answered 503', { kind: 'status', status: 503 }],
  ['made, and visible later', { kind: 'visibleAfter', getMs: 700, listMs: 900 }],
])('%s: there is one group all the same', async (name, fault) => {
  const { id, policyName } = await hasTicked(name);
  await story.simulator.befall({ match: POST_GROUP, fault });
  expect(await acme.executes(id)).toMatchObject({ outcome: 'succeeded' });
  await isAssignedToTheOnly(name, policyName);
});

test('a group that cannot be made keeps what names it from being written', async () => {
  const { id, policyName } = await hasTicked('Refused');
  await story.simulator.befall({ match: POST_GROUP, fault: { kind: 'notPermitted' } });
  expect(await acme.executes(id)).toMatchObject({ outcome: 'failed' });
  expect(await groupsNamed('Refused')).toEqual([]);
  expect(await acme.item(id, policyName)).toMatchObject({
    result: 'not_written',
    result_code: 'restore.dependency_failed',
  });
});

test('a group that somebody made meanwhile is not made twice', async () => {
  const { id, policyName } = await hasTicked('Meanwhile');
  await story.simulator.addObject(entra, 'groups', crypto.randomUUID(), {
    displayName: 'Meanwhile',
  });
  expect(await acme.executes(id)).toMatchObject({ outcome: 'failed' });
  expect(await groupsNamed('Meanwhile')).toHaveLength(1);
  expect(await acme.item(id, policyName)).toMatchObject({ result: 'not_written' });
});
