import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createToken } from '../src/access/tokens.ts';
import { backupSchema } from '../src/api/backups.ts';
import { comparisonSchema } from '../src/api/comparisons.ts';
import { pageSchema } from '../src/api/page.ts';
import { policySchema } from '../src/api/policies.ts';
import { restoreDetailSchema, restoreSchema } from '../src/api/restores.ts';
import { startedRunSchema } from '../src/api/runs.ts';
import { runTypes } from '../src/app/run-types.ts';
import { createBackup } from '../src/backups/create-backup.ts';
import { withOwner } from '../src/db/owner-client.ts';
import { inTenant } from '../src/db/tenant-tx.ts';
import { createHttpApp } from '../src/http/create-http-app.ts';
import { allCapabilities } from '../src/kernel/capabilities.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { DAY } from '../src/kernel/durations.ts';
import type { BackupId, ConnectionId, PolicyId } from '../src/kernel/ids.ts';
import { requireConnection } from '../src/tenants/find-connection.ts';
import { ApiClient } from './setup/api-fixture.ts';
import { BackupWorld } from './setup/backup-world.ts';

/** Laws 1 and 4: a request never calls Graph, and what we do not know never does. */
let world: BackupWorld;
let api: ApiClient;
let path: string;
let ids: {
  policy: PolicyId;
  backup: BackupId;
  connection: ConnectionId;
  restore: string;
  comparison: string;
};

beforeAll(async () => {
  world = await BackupWorld.open({ tenants: 1, limits: 'none' });
  const { id, owner } = world.tenant;
  path = `/api/tenants/${id}`;
  api = await signIn();
  const worker = await world.worker();
  await world.runs(world.tenant, createBackup, { selection: { kind: 'all' } });
  await worker.stop();
  const [policy] = await listOf('policies', policySchema);
  const [backup] = await listOf('backups', backupSchema);
  const connection = await inTenant(world.db, id, requireConnection);
  if (policy === undefined || backup === undefined) throw new Error(`${owner} has no backup`);
  const source = { kind: 'backup', backupId: backup.id };
  const restore = (await api.post(`${path}/restores`, { source })).as(restoreSchema).id;
  const comparison = (await api.post(`${path}/comparisons`, {})).as(comparisonSchema).id;
  const [policyId, backupId] = [policy.id, backup.id];
  ids = { policy: policyId, backup: backupId, connection: connection.id, restore, comparison };
});
beforeEach(() => world.simulator.clearLog());
afterAll(() => world.close());

async function signIn(): Promise<ApiClient> {
  const app = createHttpApp({
    db: world.db,
    runTypes,
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    clock: systemClock,
    readKey: world.readKey,
  });
  const { owner: userId } = world.tenant;
  const expiresAt = new Date(Date.now() + DAY);
  const token = { userId, name: 'law', scopes: allCapabilities(), tenantIds: null, expiresAt };
  const { text } = await withOwner(world.database.ownerUrl, (owner) => createToken(owner, token));
  return new ApiClient(app, text, userId);
}

async function listOf<Item extends z.ZodType>(name: string, item: Item) {
  return (await api.get(`${path}/${name}`)).as(pageSchema(item)).items;
}

const INPUTS: Readonly<Record<string, () => unknown>> = {
  'connection.verify': () => ({ connectionId: ids.connection }),
  'policy.sync': () => ({}),
  'directory.sync_groups': () => ({}),
  'policy.capture_snapshot': () => ({ policyId: ids.policy, reason: 'a law' }),
  'backup.create': () => ({ selection: { kind: 'all' } }),
  'backup.add_policies': () => ({ backupId: ids.backup, policyIds: [ids.policy] }),
  'policy.compare_live': () => ({ policyId: ids.policy }),
  'backup.compare': () => ({ before: ids.backup, after: ids.backup }),
  'tenant.compare': () => ({ comparisonId: ids.comparison }),
  'restore.plan': () => ({ restoreId: ids.restore }),
};

test('starting runs of every kind calls nobody; the worker does, later', async () => {
  for (const { name, gate } of runTypes.all()) {
    if (gate !== undefined) continue;
    const input = INPUTS[name]?.();
    expect(input, `an input for ${name}`).toBeDefined();
    const answer = await api.post(`${path}/runs/${name}`, input);
    expect(answer.status, answer.text).toBe(201);
    expect((await api.post(`${path}/runs/${name}`, input)).status).toBe(200);
  }
  const pages = ['runs', 'policies', 'backups', 'restores', 'coverage', 'audit', 'notifications'];
  const restore = `restores/${ids.restore}`;
  for (const page of [...pages, 'groups', restore, `${restore}/items`, `${restore}/mapping`]) {
    expect((await api.get(`${path}/${page}`)).status).toBe(200);
  }
  expect((await api.get(`${path}/backups/${ids.backup}/changes`)).status).toBe(200);
  const comparison = `${path}/comparisons/${ids.comparison}`;
  for (const page of [comparison, `${comparison}/items`]) {
    expect((await api.get(page)).status).toBe(200);
  }
  expect(await world.simulator.log()).toEqual([]);

  const runIds = (await listOf('runs', startedRunSchema.pick({ id: true }))).map(({ id }) => id);
  const worker = await world.worker();
  for (const id of runIds) await world.ended(world.tenant.id, id);
  await worker.stop();
  expect((await world.simulator.log()).length).toBeGreaterThan(0);
});

test('an unknown policy type is refused at the start: no run, no call', async () => {
  const before = await listOf('runs', z.object({ id: z.string() }));
  const selection = { kind: 'types', types: ['configurationPolicy', 'wishfulPolicy'] };
  const answer = await api.post(`${path}/runs/backup.create`, { selection });
  expect(answer.status).toBe(422);
  expect(answer.text).toContain('/selection/types/1');
  expect(await listOf('runs', z.object({ id: z.string() }))).toEqual(before);
  expect(await world.simulator.log()).toEqual([]);
});

test('a stored policy of a type that nobody knows any more gets no call', async () => {
  await world.asAdmin(`update policies set type = 'forgottenPolicy' where id = $1`, [ids.policy]);
  const answer = await api.post(`${path}/runs/policy.capture_snapshot`, {
    policyId: ids.policy,
    reason: 'of a type that went with an update',
  });
  const { id } = answer.as(startedRunSchema);
  const worker = await world.worker();
  expect(await world.ended(world.tenant.id, id)).toMatchObject({ outcome: 'failed' });
  await worker.stop();
  expect(await world.simulator.log()).toEqual([]);
});

test('confirming a restore and starting to carry it out calls nobody either', async () => {
  const [gone] = await world.simulator.objects(world.tenant.entra.id, 'configurationPolicies');
  await world.simulator.removeObject(
    world.tenant.entra.id,
    'configurationPolicies',
    gone?.id ?? '',
  );
  const worker = await world.worker();
  const preview = await api.post(`${path}/runs/restore.plan`, INPUTS['restore.plan']?.());
  await world.ended(world.tenant.id, preview.as(startedRunSchema).id);
  await worker.stop();
  await world.simulator.clearLog();

  const restore = `${path}/restores/${ids.restore}`;
  const { fingerprint } = (await api.get(restore)).as(restoreDetailSchema);
  const asked = { reason: 'a law', tenantName: world.tenant.entra.name };
  const arming = { hours: 1, reason: 'a law' };
  const answers = [
    await api.post(`${path}/connections/${ids.connection}/arm`, arming),
    await api.post(`${restore}/confirm`, { ...asked, fingerprint }),
    await api.post(`${path}/runs/restore.execute`, { restoreId: ids.restore }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 201]);
  expect(await world.simulator.log()).toEqual([]);
});
