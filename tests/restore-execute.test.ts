import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RestoreId } from '../src/kernel/ids.ts';
import { syncPolicies } from '../src/policies/sync-policies.ts';
import { restoreOptionsSchema } from '../src/restores/restore-input.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf, objectNamed } from './setup/simulated-objects.ts';

/** What carrying out a preview does to the tenant, to the records, and to what is told of it. */
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
beforeEach(() => story.simulator.clearLog());
afterAll(() => story.world.close());

const CATALOG = 'configurationPolicies';
const previewOf = (nameContains: string, more = {}) =>
  acme.previewsBackup(backup, { selection: { nameContains }, ...more });
const edits = (collection: string, id: string, changes: Record<string, unknown>) =>
  story.simulator.editObject(entra, collection, id, changes);

async function removes(collection: string, name: string): Promise<string> {
  const id = await idOf(acme, collection, name);
  await story.simulator.removeObject(entra, collection, id);
  return id;
}

/** The writes that arrived, as `POST configurationPolicies/ID/assign`. */
async function sentLines(): Promise<readonly string[]> {
  const calls = await acme.sent();
  return calls.map(({ method, path }) => `${method} ${path.replace(/^.*?\/beta\/\w+\//, '')}`);
}

/** Whom an object is assigned to, whatever ids the assignments have. */
async function targetsOf(collection: string, name: string) {
  const { object } = await objectNamed(acme, collection, name);
  const assignments = Array.isArray(object['assignments']) ? object['assignments'] : [];
  return assignments.map(({ target }) => JSON.stringify(target)).sort();
}

test('what was switched off goes back, and what it overwrote is kept', async () => {
  const name = 'macOS - FileVault';
  const policy = await idOf(acme, CATALOG, name);
  await edits(CATALOG, policy, { description: 'off' });
  const id = await previewOf(name);
  const run = await acme.executes(id);
  expect(run).toMatchObject({ outcome: 'succeeded', items_failed: 0 });
  const item = await acme.item(id, name);
  expect(item).toMatchObject({ result: 'verified', result_graph_id: policy });
  expect((await objectNamed(acme, CATALOG, name)).object['description']).not.toBe('off');
  expect(await sentLines()).toEqual([`PUT ${CATALOG}/${policy}`]);
  const restore = await acme.restore(id);
  expect(restore).toMatchObject({ state: 'ended', outcome: 'succeeded' });
  const kept = await acme.inTenant((tx) =>
    tx.db
      .selectFrom('backup_items')
      .select(['version_id'])
      .where('backup_id', '=', restore.safety_backup_id)
      .execute(),
  );
  expect(kept).toEqual([{ version_id: item.safety_version_id }]);
});

test('assignments come after the body, and are as they were saved', async () => {
  const name = 'Windows - Credential Guard';
  const saved = await targetsOf(CATALOG, name);
  expect(saved.length).toBeGreaterThan(0);
  await removes(CATALOG, name);
  const id = await previewOf(name);
  expect(await acme.executes(id)).toMatchObject({ outcome: 'succeeded' });
  expect(await targetsOf(CATALOG, name)).toEqual(saved);
  const made = await idOf(acme, CATALOG, name);
  expect(await sentLines()).toEqual([`POST ${CATALOG}`, `POST ${CATALOG}/${made}/assign`]);
  expect(await acme.item(id, name)).toMatchObject({ result: 'verified', result_graph_id: made });
  expect(await acme.ledger(id)).toMatchObject([
    { name: 'create', state: 'verified', attempt: 1, graph_id: made, was_adopted: false },
    { name: 'assign', state: 'verified', attempt: 1, graph_id: made, failures: 0 },
  ]);
});

test('a tag, a filter with it and a policy with both come back in that order', async () => {
  const filters = 'assignmentFilters';
  const tag = '70';
  const filter = crypto.randomUUID();
  const policy = crypto.randomUUID();
  await story.simulator.addObject(entra, 'roleScopeTags', tag, { displayName: 'Chain tag' });
  await story.simulator.addObject(entra, filters, filter, {
    displayName: 'Chain filter',
    platform: 'iOS',
    rule: '(device.model -startsWith "iPad")',
    roleScopeTags: [tag],
  });
  const target = {
    '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget',
    deviceAndAppManagementAssignmentFilterId: filter,
    deviceAndAppManagementAssignmentFilterType: 'include',
  };
  await story.simulator.addObject(entra, 'deviceConfigurations', policy, {
    displayName: 'Chain policy',
    '@odata.type': '#microsoft.graph.iosGeneralDeviceConfiguration',
    roleScopeTagIds: ['0', tag],
    assignments: [{ id: `${policy}_0`, target }],
  });
  const whole = await acme.backsUp();
  await removes('deviceConfigurations', 'Chain policy');
  await removes(filters, 'Chain filter');
  await removes('roleScopeTags', 'Chain tag');
  const id = await acme.previewsBackup(whole, { selection: { nameContains: 'Chain' } });
  expect(await acme.executes(id)).toMatchObject({ outcome: 'succeeded', items_failed: 0 });
  const made = await objectNamed(acme, 'deviceConfigurations', 'Chain policy');
  const madeTag = await idOf(acme, 'roleScopeTags', 'Chain tag');
  const madeFilter = await objectNamed(acme, filters, 'Chain filter');
  expect([madeTag, madeFilter.id]).not.toEqual([tag, filter]);
  expect(madeFilter.object['roleScopeTags']).toEqual([madeTag]);
  expect(made.object['roleScopeTagIds']).toEqual(['0', madeTag]);
  expect(made.object['assignments']).toMatchObject([
    { target: { ...target, deviceAndAppManagementAssignmentFilterId: madeFilter.id } },
  ]);
  expect(await sentLines()).toEqual([
    'POST roleScopeTags',
    `POST ${filters}`,
    'POST deviceConfigurations',
    `POST deviceConfigurations/${made.id}/assign`,
  ]);
});

test.each([
  ['switched off', 'disabled', {}],
  ['on, where that was chosen', 'enabled', { conditionalAccessState: 'asSaved' as const }],
])('a Conditional Access policy comes back after its location, %s', async (_, state, chosen) => {
  const name = 'CA004 - Block other countries';
  const location = 'Countries we work in';
  const whole = await acme.backsUp();
  const gone = await removes('namedLocations', location);
  await removes('conditionalAccessPolicies', name);
  const id = await acme.previewsBackup(whole, {
    selection: { versionIds: await acme.versionsIn(whole, [name, location]) },
    options: restoreOptionsSchema.parse(chosen),
  });
  expect(await acme.executes(id)).toMatchObject({ outcome: 'succeeded', items_failed: 0 });
  const { object } = await objectNamed(acme, 'conditionalAccessPolicies', name);
  const madeLocation = await idOf(acme, 'namedLocations', location);
  expect(object['state']).toBe(state);
  expect(JSON.stringify(object['conditions'])).toContain(madeLocation);
  expect(JSON.stringify(object['conditions'])).not.toContain(gone);
  expect(await sentLines()).toEqual([
    'POST conditionalAccess/namedLocations',
    'POST conditionalAccess/policies',
  ]);
  if (state === 'disabled') {
    const policy = await idOf(acme, 'conditionalAccessPolicies', name);
    await edits('conditionalAccessPolicies', policy, { state: 'enabled' });
  }
});

test('the tag that every tenant has is changed back, never made', async () => {
  await edits('roleScopeTags', '0', { description: 'somebody was here' });
  const id = await previewOf('Default');
  expect(await acme.executes(id)).toMatchObject({ outcome: 'succeeded' });
  expect(await sentLines()).toEqual(['PATCH roleScopeTags/0']);
  const { object } = await objectNamed(acme, 'roleScopeTags', 'Default');
  expect(object['description']).toBe('Default role scope tag');
});

test('what is left out ends with its reason, and what is unchanged is not written', async () => {
  const secret = 'Windows - Custom: VPN and device tag';
  await removes('deviceConfigurations', secret);
  const wifi = await idOf(acme, 'deviceConfigurations', 'Windows - Office Wi-Fi');
  await edits('deviceConfigurations', wifi, { description: 'now' });
  const lock = await idOf(acme, CATALOG, 'Windows - Screen lock');
  await edits(CATALOG, lock, { description: 'now' });
  const id = await previewOf('Windows - ');
  const { version_id: versionId } = await acme.item(id, 'Windows - Screen lock');
  await acme.edits(id, { choices: [{ versionId, choice: 'skip', graphId: null }] });
  await acme.previews(id);
  const run = await acme.executes(id);
  expect(run).toMatchObject({ outcome: 'succeeded', items_failed: 0 });
  expect(await sentLines()).toEqual([`PATCH deviceConfigurations/${wifi}`]);
  const ends = new Map(
    (await story.world.items(acme.tenant.id, run.id))
      .filter((item) => item.subject_kind === 'restore_item')
      .map(({ label, outcome, code }) => [label, `${outcome} ${code}`]),
  );
  expect(ends.get(secret)).toBe('skipped restore.secrets_missing');
  expect(ends.get('Windows - Screen lock')).toBe('skipped restore.skip_chosen');
  expect(ends.get('Windows - Edge security')).toBe('skipped restore.unchanged');
  expect(ends.get('Windows - Office Wi-Fi')).toBe('succeeded null');
  const { result_counts } = await acme.restore(id);
  expect(result_counts).toMatchObject({ verified: 1, failed: 0, not_written: 0 });
});

test('one entry for the start, one for the end, one for each object, with hashes', async () => {
  const changed = 'macOS - Login window';
  const policy = await idOf(acme, CATALOG, changed);
  await edits(CATALOG, policy, { description: 'x' });
  const made = 'macOS - Gatekeeper and firewall';
  await removes(CATALOG, made);
  const id = await previewOf('macOS - ');
  await acme.executes(id);
  const fingerprint = (await acme.restore(id)).fingerprint?.toString('hex');
  const entries = await acme.audit(id);
  const of = (action: string) => entries.filter((entry) => entry.action === action);
  expect(of('restore.started')).toMatchObject([
    { details: { fingerprint, confirmedBy: 'an owner', reason: 'as the story says' } },
  ]);
  expect(of('restore.ended')).toMatchObject([
    { details: { fingerprint, outcome: 'succeeded', verified: 2, unknown: 0 } },
  ]);
  const [before, after] = [await acme.item(id, changed), await acme.item(id, made)];
  const written = of('restore.object_written').map(({ details }) => details);
  expect(written).toHaveLength(2);
  expect(written).toContainEqual({
    type: 'configurationPolicy',
    action: 'update',
    versionId: before.version_id,
    fingerprint,
    result: 'verified',
    graphId: policy,
    beforeHash: before.live_hash?.toString('hex'),
    afterHash: before.content_hash.toString('hex'),
  });
  expect(written).toContainEqual(
    expect.objectContaining({
      action: 'create',
      versionId: after.version_id,
      fingerprint,
      afterHash: after.after_hash?.toString('hex'),
    }),
  );
});

test.each([
  ['', false],
  [', also when a sync has met the new object before it was written down', true],
])('what was made anew goes on with the history of the old one%s', async (_, isMet) => {
  const name = 'iOS - Restrictions for shared iPads';
  const gone = await removes(CATALOG, name);
  const id = await previewOf(name);
  const before = await policyOf(gone);
  if (isMet) await syncsWhileAssigning(id);
  else await acme.executes(id);
  const made = await idOf(acme, CATALOG, name);
  const after = await policyOf(made);
  expect(after).toMatchObject({ id: before.id, missing_since: null });
  expect(after.versions.slice(0, before.versions.length)).toEqual(before.versions);
  const rows = await acme.inTenant((tx) =>
    tx.db.selectFrom('policies').selectAll().where('name', '=', name).execute(),
  );
  expect(rows.filter(({ missing_since }) => missing_since === null)).toHaveLength(1);
});

/** The new object is there and listed, while the run still waits for the answer to the assign. */
async function syncsWhileAssigning(id: RestoreId): Promise<void> {
  await story.simulator.befall({
    match: { method: 'POST', path: '/assign' },
    fault: { kind: 'delay', ms: 2_500 },
  });
  const { tenant, world } = acme;
  const ended = acme.executes(id);
  await world.until(
    () => acme.ledger(id),
    ([create]) => create?.state === 'applied',
  );
  const { id: syncId } = await world.starts(tenant.id, null, syncPolicies, {});
  expect(await world.ended(tenant.id, syncId)).toMatchObject({ outcome: 'succeeded' });
  expect(await acme.restore(id), 'the sync was first').toMatchObject({ state: 'executing' });
  expect(await ended).toMatchObject({ outcome: 'succeeded' });
}

async function policyOf(graphId: string) {
  return acme.inTenant(async (tx) => {
    const policy = await tx.db
      .selectFrom('policies')
      .selectAll()
      .where('graph_id', '=', graphId)
      .executeTakeFirstOrThrow();
    const versions = await tx.db
      .selectFrom('policy_versions')
      .select('id')
      .where('policy_id', '=', policy.id)
      .orderBy('number')
      .execute();
    return { ...policy, versions: versions.map(({ id }) => id) };
  });
}
