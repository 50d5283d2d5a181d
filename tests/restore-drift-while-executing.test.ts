import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { BackupId } from '../src/kernel/ids.ts';
import { KilledAt } from './setup/killed-at.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf, objectNamed, objectsNamed } from './setup/simulated-objects.ts';

/** Somebody else is at work in the same tenant: what they have done is never overwritten. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let entra: string;
let backup: BackupId;
let killed: KilledAt;

beforeAll(async () => {
  story = await setupRestores();
  ({ acme } = story);
  entra = acme.tenant.entra.id;
  backup = await acme.backsUp();
  killed = new KilledAt(story);
});
beforeEach(() => story.simulator.clearLog());
afterAll(() => story.world.close());

const CATALOG = 'configurationPolicies';
const edits = (id: string, changes: Record<string, unknown>) =>
  story.simulator.editObject(entra, CATALOG, id, changes);
const previewOf = (nameContains: string) =>
  acme.previewsBackup(backup, { selection: { nameContains } });
const described = async (name: string) =>
  (await objectNamed(acme, CATALOG, name)).object['description'];

/** A policy that somebody changed after the backup, and its confirmed preview. */
async function hasChanged(
  name: string,
  changes: Record<string, unknown> = { description: 'theirs' },
) {
  const policy = await idOf(acme, CATALOG, name);
  await edits(policy, changes);
  const id = await previewOf(name);
  await acme.confirms(id);
  return { policy, id };
}

async function isGone(name: string) {
  const policy = await objectNamed(acme, CATALOG, name);
  await story.simulator.removeObject(entra, CATALOG, policy.id);
  const id = await previewOf(name);
  return { policy, id };
}

test('changed between the preview and the start: left alone, the others are written', async () => {
  const [name, other] = ['Windows - Edge security', 'Windows - Edge extensions'];
  const policy = await idOf(acme, CATALOG, name);
  await edits(policy, { description: 'theirs' });
  await edits(await idOf(acme, CATALOG, other), { description: 'theirs' });
  const id = await previewOf('Windows - Edge');
  await edits(policy, { description: 'theirs, again' });
  expect(await acme.executes(id)).toMatchObject({ outcome: 'partial' });
  expect(await acme.item(id, name)).toMatchObject({
    result: 'not_written',
    result_code: 'restore.drifted',
    safety_version_id: null,
  });
  expect(await acme.item(id, other)).toMatchObject({ result: 'verified' });
  expect(await described(name)).toBe('theirs, again');
  expect(await acme.sent()).toHaveLength(1);
});

test('deleted between the preview and the start: not made anew', async () => {
  const name = 'Windows - Screen lock';
  const { policy, id } = await hasChanged(name);
  await story.simulator.removeObject(entra, CATALOG, policy);
  expect(await acme.executes(id)).toMatchObject({ outcome: 'failed' });
  expect(await acme.item(id, name)).toMatchObject({
    result: 'not_written',
    result_code: 'policy.gone',
  });
  expect(await acme.sent()).toEqual([]);
});

test.each([
  ['as it was', {}],
  ['in their own way', { description: 'by hand' }],
])('put back by hand meanwhile, %s: no double', async (way, changes) => {
  const name = way === 'as it was' ? 'macOS - FileVault' : 'macOS - Login window';
  const { policy, id } = await isGone(name);
  const again = { ...policy.object, ...changes };
  await story.simulator.addObject(entra, CATALOG, crypto.randomUUID(), again);
  expect(await acme.executes(id)).toMatchObject({ outcome: 'failed', items_failed: 1 });
  expect(await acme.item(id, name)).toMatchObject({
    result: 'not_written',
    result_code: 'restore.drifted',
  });
  expect(await objectsNamed(acme, CATALOG, name)).toHaveLength(1);
  expect(await acme.sent()).toEqual([]);
});

test('changed after it was kept and before it was written', async () => {
  const name = 'Windows - Time zone and language';
  const { policy, id } = await hasChanged(name);
  await killed.executes(acme, id, 'after_safety', () => edits(policy, { description: 'newer' }));
  const item = await acme.item(id, name);
  expect(item).toMatchObject({ result: 'not_written', result_code: 'restore.drifted' });
  // What was kept is what the preview showed.
  expect(item.safety_version_id).not.toBeNull();
  expect(item.before_hash).toEqual(item.live_hash);
  expect(await described(name)).toBe('newer');
  expect(await acme.sent()).toEqual([]);
});

test('changed after the intent was written down, and before it was sent', async () => {
  const name = 'Windows - Start menu and taskbar';
  const { policy, id } = await hasChanged(name);
  await killed.executes(acme, id, 'after_intent', () => edits(policy, { description: 'newer' }));
  expect(await acme.item(id, name)).toMatchObject({ result_code: 'restore.drifted' });
  expect(await described(name)).toBe('newer');
  expect(await acme.sent()).toEqual([]);
});

test('assigned by somebody between two steps: their assignments stay', async () => {
  const name = 'Windows - Defender Firewall';
  const { policy, id } = await hasChanged(name, { description: 'theirs', assignments: [] });
  const target = { '@odata.type': '#microsoft.graph.allLicensedUsersAssignmentTarget' };
  const theirs = [{ id: `${policy}_x`, target }];
  await killed.executes(acme, id, 'between_steps', () => edits(policy, { assignments: theirs }));
  // Its body is written already, and says so.
  const item = await acme.item(id, name);
  expect(item).toMatchObject({ result: 'failed', result_code: 'restore.drifted' });
  expect(item.result_graph_id).toBe(policy);
  expect((await objectNamed(acme, CATALOG, name)).object['assignments']).toMatchObject(theirs);
  expect(await acme.ledger(id)).toMatchObject([
    { name: 'replace', state: 'applied' },
    { name: 'assign', state: 'failed', attempt: 0, code: 'restore.drifted' },
  ]);
  expect((await acme.sent()).map(({ method }) => method)).toEqual(['PUT']);
  const entries = await acme.audit(id);
  expect(entries.filter(({ action }) => action === 'restore.object_written')).toHaveLength(1);
});

test('its body changed by somebody between two steps: shown as a difference', async () => {
  const name = 'Windows - Credential Guard';
  const { policy, id } = await hasChanged(name, { description: 'theirs', assignments: [] });
  await killed.executes(acme, id, 'between_steps', () => edits(policy, { description: 'newer' }));
  const item = await acme.item(id, name);
  expect(item).toMatchObject({ result: 'differs', result_code: 'restore.differs' });
  expect(item.result_differences).toMatchObject([{ path: 'description' }]);
  expect(await described(name)).toBe('newer');
});

test('a new object that somebody deletes before it was assigned stays deleted', async () => {
  const name = 'Windows - Removable storage is read only';
  const { id } = await isGone(name);
  await acme.confirms(id);
  await killed.executes(acme, id, 'between_steps', async () =>
    story.simulator.removeObject(entra, CATALOG, await idOf(acme, CATALOG, name)),
  );
  expect(await acme.item(id, name)).toMatchObject({ result: 'failed', result_code: 'policy.gone' });
  expect(await objectsNamed(acme, CATALOG, name)).toEqual([]);
  expect((await acme.sent()).map(({ method }) => method)).toEqual(['POST']);
});
