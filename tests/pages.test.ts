import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { backupItemSchema } from '../src/api/backups.ts';
import { connectionSchema } from '../src/api/connections.ts';
import { pageSchema } from '../src/api/page.ts';
import { policySchema } from '../src/api/policies.ts';
import { problemSchema } from '../src/api/problem.ts';
import { tenantSchema } from '../src/api/tenants.ts';
import { versionDetailSchema } from '../src/api/versions.ts';
import { allRoutes } from '../src/http/all-routes.ts';
import { RunTypes } from '../src/runs/run-types.ts';
import { type ApiWorld, setupApi } from './setup/api-fixture.ts';
import { hasBackup, hasPolicy, hasVersion } from './setup/api-records.ts';
import type { Ids } from './setup/matrix-samples.ts';
import { seedTenant } from './setup/matrix-world.ts';
import { testRunTypes } from './setup/test-run-types.ts';

let world: ApiWorld;
let ids: Ids;
beforeAll(async () => {
  world = await setupApi();
  ids = await seedTenant(world, world.acme, 3);
  for (const name of ['same', 'same', 'same', 'Zebra', 'aardvark']) {
    await hasPolicy(world, world.acme, name, 'conditionalAccessPolicy');
  }
});
afterAll(() => world.close());

const lists = allRoutes(new RunTypes(testRunTypes)).filter(({ query }) => 'cursor' in query.shape);

test.each(lists.map(({ path }) => path))(
  'page by page, %s shows each row once and in its order',
  async (path) => {
    const whole = await readAll(path, 200);
    const steps = await readAll(path, 1);
    expect(steps).toEqual(whole);
    expect(new Set(whole.map((item) => JSON.stringify(item))).size).toBe(whole.length);
    expect(whole.length).toBeGreaterThan(0);
  },
);

async function readAll(path: string, limit: number, filters = ''): Promise<unknown[]> {
  const full = path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    name === 'tenant' ? world.acme.id : (z.record(z.string(), z.string()).parse(ids)[name] ?? ''),
  );
  const items: unknown[] = [];
  let cursor = '';
  do {
    const answer = await world.acme.as('owner').get(`${full}?limit=${limit}${filters}${cursor}`);
    const page = answer.as(pageSchema(z.unknown()));
    items.push(...page.items);
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
  } while (cursor !== '');
  return items;
}

describe('the inventory', () => {
  const policies = '/api/tenants/{tenant}/policies';
  const namesOf = async (filters: string, limit = 2) =>
    z
      .array(policySchema)
      .parse(await readAll(policies, limit, filters))
      .map(({ name }) => name);

  test('is sorted by name, equal names page by page, too', async () => {
    const names = ['First', 'Second', 'Zebra', 'aardvark', 'same', 'same', 'same'];
    expect(await namesOf('')).toEqual(names);
    expect(await namesOf('', 1)).toEqual(names);
  });

  test('is sorted by type, and by name within a type', async () => {
    const read = z.array(policySchema).parse(await readAll(policies, 2, '&sort=type'));
    expect(read.map(({ type, name }) => `${type} ${name}`)).toEqual([
      'conditionalAccessPolicy Zebra',
      'conditionalAccessPolicy aardvark',
      'conditionalAccessPolicy same',
      'conditionalAccessPolicy same',
      'conditionalAccessPolicy same',
      'configurationPolicy First',
      'deviceConfiguration Second',
    ]);
  });

  test('is searched by part of a name, whatever its case, and not by pattern', async () => {
    expect(await namesOf('&q=ZEB')).toEqual(['Zebra']);
    expect(await namesOf('&q=%25')).toEqual([]);
    expect(await namesOf('&type=deviceConfiguration')).toEqual(['Second']);
    await world.asAdmin("update policies set missing_since = now() where name = 'aardvark'");
    expect(await namesOf('&missing=true')).toEqual(['aardvark']);
    expect(await namesOf('&missing=false')).toHaveLength(6);
  });

  test('a cursor of one order is none of the other', async () => {
    const { acme } = world;
    const byName = await acme.as('owner').get(`${acme.path}/policies?limit=1`);
    const { nextCursor } = byName.as(pageSchema(policySchema));
    const path = `${acme.path}/policies?sort=type&cursor=${nextCursor}`;
    expect((await acme.as('owner').get(path)).code).toBe('forbidden');
  });
});

test('runs are filtered by what they are and what they work on', async () => {
  const { acme } = world;
  const operator = acme.as('operator');
  await operator.post(`${acme.path}/runs/test.policy`, { policyId: ids.policy });
  const runs = '/api/tenants/{tenant}/runs';
  const typesOf = async (filters: string) =>
    z
      .array(z.object({ type: z.string(), phase: z.string() }))
      .parse(await readAll(runs, 200, filters))
      .map(({ type, phase }) => `${type} ${phase}`);
  expect(await typesOf('&live=true')).toEqual(['test.policy queued']);
  expect(await typesOf('&phase=queued')).toEqual(['test.policy queued']);
  expect(await typesOf(`&policy=${ids.policy}`)).toEqual(['test.policy queued']);
  expect(await typesOf('&type=test.policy&live=false')).toEqual([]);
  expect(await typesOf(`&backup=${ids.backup}`)).toEqual([]);
  expect(new Set(await typesOf('&live=false'))).toEqual(new Set(['test.note ended']));
});

test('a version comes with its body, to the letter', async () => {
  const { acme } = world;
  const policy = await hasPolicy(world, acme, 'letters');
  const body = '{"__proto__":1,"10":"ten","9":"nine","é":"ü","n":1e+21}';
  await hasVersion(world, acme, policy, 1, body);
  const answer = await acme.as('readonly').get(`${acme.path}/policies/${policy}/versions/1`);
  const version = answer.as(versionDetailSchema);
  expect(version).toMatchObject({ number: 1, policyId: policy });
  expect(version.body).toEqual(JSON.parse(body));
});

test('a body that was damaged on the disk is not shown', async () => {
  const { acme } = world;
  const policy = await hasPolicy(world, acme, 'damaged');
  await hasVersion(world, acme, policy, 1, '{"is":"whole"}');
  await world.asAdmin(
    `alter table snapshots disable trigger user;
     alter table snapshots drop constraint snapshots_check;
     update snapshots set body = '{"is":"broken"}' where body = '{"is":"whole"}'`,
  );
  const answer = await acme.as('readonly').get(`${acme.path}/policies/${policy}/versions/1`);
  expect(answer.as(problemSchema)).toMatchObject({ status: 500, code: 'snapshot.damaged' });
});

test('a backup tells what it made and what it refers to', async () => {
  const { acme } = world;
  const policy = await hasPolicy(world, acme, 'kept');
  await hasVersion(world, acme, policy, 1, '{"is":"kept"}');
  const backup = await hasBackup(world, acme, [policy]);
  const items = `${acme.path}/backups/${backup}/items`;
  const made = (await acme.as('readonly').get(`${items}?new=true`)).as(
    pageSchema(backupItemSchema),
  );
  expect(made.items).toMatchObject([{ policyId: policy, versionNumber: 1, isNew: true }]);
  const version = await acme.as('readonly').get(made.items[0]?.links.version ?? '');
  expect(version.status).toBe(200);
  const other = await acme.as('readonly').get(`${items}?new=false`);
  expect(other.as(pageSchema(backupItemSchema)).items).toEqual([]);
});

test('a connection is shown without its credential', async () => {
  const { acme } = world;
  const answer = await acme.as('owner').get(`${acme.path}/connections`);
  const [connection] = answer.as(pageSchema(connectionSchema)).items;
  expect(connection).toMatchObject({ id: ids.connection, credentialKind: 'secret' });
  const sealed = Buffer.from('never to be seen');
  for (const form of ['utf8', 'hex', 'base64'] as const) {
    expect(answer.text).not.toContain(sealed.toString(form));
  }
  expect(Object.keys(connection ?? {})).not.toContain('sealedCredential');
});

test('everyone sees the tenants they are a member of, and what they may do there', async () => {
  const { acme } = world;
  const page = (await acme.as('readonly').get('/api/tenants')).as(pageSchema(tenantSchema));
  expect(page.items).toMatchObject([{ id: acme.id, name: 'Acme', role: 'readonly' }]);
  expect(page.items[0]?.capabilities).toEqual([
    'tenant:read',
    'policies:read',
    'backups:read',
    'runs:read',
  ]);
  const one = await acme.as('readonly').get(page.items[0]?.links.self ?? '');
  expect(one.json()).toEqual(page.items[0]);
  expect((await acme.as('admin').get('/api/tenants')).json()).toMatchObject({ items: [] });
});
