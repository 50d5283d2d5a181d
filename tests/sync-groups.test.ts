import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { inTenant } from '../src/db/tenant-tx.ts';
import { syncGroups } from '../src/policies/groups/sync-groups.ts';
import { BackupWorld } from './setup/backup-world.ts';
import type { FaultRule } from './setup/simulator.ts';
import { spawnWorker, type WorkerProcess } from './setup/worker-process.ts';

/** The groups of a directory, learned to the end, whatever happens on the way. */
let world: BackupWorld;
let entra: string;
const workers: WorkerProcess[] = [];
/** More than fit on a page of Graph. */
const MANY = 1_200;

beforeAll(async () => {
  world = await BackupWorld.open({ tenants: 1, limits: 'none' });
  entra = world.tenant.entra.id;
  for (let from = 0; from < MANY; from += 50) {
    const names = Array.from({ length: 50 }, (_, at) => `Site ${from + at}`);
    await Promise.all(names.map((name) => hasGroup({ displayName: name })));
  }
  workers.push(await spawnWorker(world, 'backup-worker.ts', world.workerEnvironment));
});
afterEach(() => world.simulator.clearFaults());
afterAll(async () => {
  expect((await world.simulator.stats(entra)).writes, 'it only reads').toBe(0);
  for (const worker of workers) worker.kill('SIGKILL');
  await Promise.all(workers.map((worker) => worker.exited));
  await world.close();
});

async function hasGroup(body: Readonly<Record<string, unknown>>): Promise<string> {
  const id = crypto.randomUUID();
  await world.simulator.addObject(entra, 'groups', id, body);
  return id;
}

const syncs = () => world.runs(world.tenant, syncGroups, {});

function groups() {
  return inTenant(world.db, world.tenant.id, (tx) =>
    tx.db.selectFrom('directory_groups').selectAll().orderBy('graph_id').execute(),
  );
}
const group = async (id: string) => (await groups()).find(({ graph_id }) => graph_id === id);

/** What is known is what there is. */
async function expectAllKnown(): Promise<void> {
  const there = await world.simulator.objects(entra, 'groups');
  const known = (await groups()).filter(({ missing_since }) => missing_since === null);
  expect(known.map(({ graph_id }) => graph_id)).toEqual(there.map(({ id }) => id).sort());
}

test('every group of every page is known, with what tells it apart', async () => {
  const dynamic = await hasGroup({
    displayName: 'nul \u0000 in a name',
    description: 'Laptops',
    membershipRule: '(device.deviceOSType -eq "Windows")',
    groupTypes: ['DynamicMembership'],
    securityEnabled: true,
  });
  const team = await hasGroup({ displayName: 'Team', groupTypes: ['Unified'], mailEnabled: true });
  const list = { displayName: 'List', mailEnabled: true, securityEnabled: false };
  const mail = await hasGroup(list);
  expect(await syncs()).toMatchObject({ outcome: 'succeeded', items_failed: 0 });
  await expectAllKnown();
  expect(await group(dynamic)).toMatchObject({
    name: 'nul \ufffd in a name',
    description: 'Laptops',
    membership_rule: '(device.deviceOSType -eq "Windows")',
    kind: 'security',
  });
  expect(await group(team)).toMatchObject({ kind: 'microsoft365', membership_rule: null });
  expect(await group(mail)).toMatchObject({ kind: 'distribution' });
});

test.each<[string, FaultRule['fault'], number]>([
  ['throttled', { kind: 'throttle', retryAfter: 0.2 }, 2],
  ['cut off', { kind: 'reset' }, 1],
  ['answered, and the answer is lost', { kind: 'executedThenReset' }, 1],
  ['answered with half a document', { kind: 'malformedJson' }, 1],
])('a page that is %s is asked for again', async (_, fault, times) => {
  const added = await hasGroup({ displayName: 'Added meanwhile' });
  await world.simulator.befall({ match: { path: '/groups\\?' }, skip: 1, times, fault });
  expect(await syncs()).toMatchObject({ outcome: 'succeeded' });
  expect(await group(added)).toMatchObject({ name: 'Added meanwhile' });
  await expectAllKnown();
});

test('a group that is gone is marked and kept; one that comes back is not gone', async () => {
  const id = await hasGroup({ displayName: 'Comes and goes' });
  await syncs();
  await world.simulator.removeObject(entra, 'groups', id);
  await syncs();
  const gone = await group(id);
  expect(gone?.name).toBe('Comes and goes');
  expect(gone?.missing_since).not.toBeNull();
  await world.simulator.addObject(entra, 'groups', id, { displayName: 'Is back' });
  await syncs();
  expect(await group(id)).toMatchObject({ name: 'Is back', missing_since: null });
});

test('what half a page left out is looked up by itself, and is not missing', async () => {
  await syncs();
  const fault = { kind: 'halfPage' };
  await world.simulator.befall({ match: { path: '/groups\\?' }, skip: 1, fault });
  expect(await syncs()).toMatchObject({ outcome: 'succeeded' });
  await expectAllKnown();
});

test('a listing that breaks off says nothing about what it did not reach', async () => {
  await syncs();
  const id = (await groups()).find(({ name }) => name === 'Site 7')?.graph_id ?? '';
  await world.simulator.removeObject(entra, 'groups', id);
  const fault = { kind: 'notPermitted' };
  await world.simulator.befall({ match: { path: '/groups\\?' }, skip: 1, times: 'always', fault });
  expect(await syncs()).toMatchObject({ outcome: 'failed', items_failed: 1 });
  expect(await group(id)).toMatchObject({ missing_since: null });
});

test('a worker killed in the middle: the other lists to the end', async () => {
  const late = await hasGroup({ displayName: 'On the last page' });
  const fault = { kind: 'delay', ms: 1_500 };
  await world.simulator.befall({ match: { path: 'skiptoken' }, times: 'always', fault });
  const { id } = await world.starts(world.tenant.id, world.tenant.owner, syncGroups, {});
  const before = (await world.simulator.log(entra)).length;
  await world.until(
    () => world.simulator.log(entra),
    (calls) => calls.slice(before).some(({ path }) => path.includes('/groups?')),
  );
  workers[0]?.kill('SIGKILL');
  workers.push(await spawnWorker(world, 'backup-worker.ts', world.workerEnvironment));
  const run = await world.ended(world.tenant.id, id, 40_000);
  expect(run).toMatchObject({ outcome: 'succeeded', takeovers: 1 });
  expect(await group(late)).toBeDefined();
  await expectAllKnown();
});
