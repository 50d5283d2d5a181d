import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  comparisonItemsPageSchema,
  comparisonSchema,
  versionDifferencesSchema,
} from '../src/api/comparisons.ts';
import { recordDifferences, writeItems } from '../src/comparisons/write-items.ts';
import { inTenant } from '../src/db/tenant-tx.ts';
import { compareBodies } from '../src/graph/compare-bodies.ts';
import type { ComparisonId, PolicyId, VersionId } from '../src/kernel/ids.ts';
import { type ApiWorld, setupApi } from './setup/api-fixture.ts';
import { hasComparison, hasPolicy, hasVersion } from './setup/api-records.ts';
import { catalogBody } from './setup/scripted-graph.ts';

const GROUP = '6f0c8a52-1b1f-4f43-9f2e-1f1f1f1f1f01';
let world: ApiWorld;
let policies: PolicyId[];
let versions: VersionId[];
let other: VersionId;
let location: VersionId;
let comparison: ComparisonId;

beforeAll(async () => {
  world = await setupApi();
  const { acme } = world;
  policies = await Promise.all(['a', 'b', 'c'].map((name) => hasPolicy(world, acme, name)));
  const [a, b] = policies;
  const place = await hasPolicy(world, acme, 'place', 'namedLocation');
  if (a === undefined || b === undefined) throw new Error('policies');
  const text = (value: number, groups: string[] = []) => JSON.stringify(catalogBody(value, groups));
  versions = [
    await hasVersion(world, acme, a, 1, text(1)),
    await hasVersion(world, acme, a, 2, text(2, [GROUP])),
  ];
  other = await hasVersion(world, acme, b, 1, text(1, [GROUP]));
  location = await hasVersion(world, acme, place, 1, '{}');
  comparison = await hasComparison(world, acme, policies);
  await inTenant(world.db, acme.id, async (tx) => {
    const group = { tenant_id: acme.id, graph_id: GROUP, name: 'Finance' };
    await tx.db.insertInto('directory_groups').values(group).execute();
    const differences = compareBodies(
      'configurationPolicy',
      catalogBody(1),
      catalogBody(1, [GROUP]),
    );
    await recordDifferences(tx, comparison, a, differences);
    const nowhere = { policyId: null, number: null, hash: null };
    const subjectId = crypto.randomUUID();
    const rest = { type: 'configurationPolicy', name: 'theirs', kind: 'left_out' } as const;
    const theirs = { subjectId, ...rest, before: { ...nowhere, number: 3 }, after: nowhere };
    // A slice that begins again writes what was looked into meanwhile: that stays.
    const again = {
      ...rest,
      name: 'a',
      kind: 'uncompared',
      before: nowhere,
      after: nowhere,
    } as const;
    const items = [theirs, { ...again, subjectId: a }];
    await writeItems(tx, comparison, items);
  });
});
afterAll(() => world.close());

async function differencesOf(version: VersionId | undefined, query = '') {
  const path = `${world.acme.path}/versions/${version}/differences${query}`;
  const answer = await world.acme.as('readonly').get(path);
  expect(answer.status, answer.text).toBe(200);
  return answer.as(versionDifferencesSchema);
}

test('a version with the one before it, setting by setting, groups by name', async () => {
  const found = await differencesOf(versions[1]);
  expect(found).toMatchObject({
    type: 'configurationPolicy',
    before: { id: versions[0], number: 1 },
    after: { id: versions[1], number: 2 },
    differenceCount: 2,
    groupNames: { [GROUP]: 'Finance' },
  });
  expect(found.differences.map(({ kind }) => kind).sort()).toEqual(['added', 'changed']);
  const { status } = await world.acme.as('readonly').get(found.after.links.self);
  expect(status).toBe(200);
});

test('the first version of a policy has none before it', async () => {
  expect(await differencesOf(versions[0])).toMatchObject({ before: null, differences: [] });
});

test('with a later one, with itself, with one of another policy of its type', async () => {
  const back = await differencesOf(versions[0], `?since=${versions[1]}`);
  expect(back.differences.map(({ kind }) => kind).sort()).toEqual(['changed', 'removed']);
  const self = await differencesOf(versions[0], `?since=${versions[0]}`);
  expect(self.differenceCount).toBe(0);
  const two = await differencesOf(other, `?since=${versions[0]}`);
  expect(two.differences).toMatchObject([{ kind: 'added', label: `Assignment: Group ${GROUP}` }]);
});

test('of another type it is refused, with what to do', async () => {
  const path = `${world.acme.path}/versions/${location}/differences?since=${other}`;
  const answer = await world.acme.as('readonly').get(path);
  expect([answer.status, answer.code]).toEqual([422, 'comparison.types_differ']);
});

test('a comparison and its items, filtered and paged, for who may only read', async () => {
  const path = `${world.acme.path}/comparisons/${comparison}`;
  const reader = world.acme.as('readonly');
  const found = (await reader.get(path)).as(comparisonSchema);
  expect(found).toMatchObject({ id: comparison, kind: 'copies', state: 'draft', counts: null });
  const pageOf = async (query: string) =>
    (await reader.get(`${found.links.items}${query}`)).as(comparisonItemsPageSchema);
  const whole = await pageOf('');
  expect(whole.items).toHaveLength(4);
  const first = await pageOf('?limit=3');
  const rest = await pageOf(`?limit=3&cursor=${first.nextCursor}`);
  expect([...first.items, ...rest.items]).toEqual(whole.items);
  const changed = await pageOf('?kind=changed');
  expect(changed.items).toMatchObject([{ policyId: policies[0], differenceCount: 1 }]);
  expect(changed.groupNames).toEqual({ [GROUP]: 'Finance' });
  // A version of another tenant has no address here.
  const [theirs] = (await pageOf('?kind=left_out')).items;
  expect(theirs).toMatchObject({ policyId: null, before: 3, links: { before: null } });
});

test('who may keep backups makes a draft; fifty versions at most are copied at once', async () => {
  const path = `${world.acme.path}/comparisons`;
  expect((await world.acme.as('readonly').post(path, {})).code).toBe('capability.missing');
  const made = await world.acme.as('operator').post(path, {});
  expect(made.status).toBe(201);
  const copies = `${made.as(comparisonSchema).links.self}/copies`;
  const fromTenantId = world.globex.id;
  const ids = (count: number) => Array.from({ length: count }, () => crypto.randomUUID());
  for (const body of [
    { fromTenantId },
    { fromTenantId, versionIds: ids(51) },
    { fromTenantId, versionIds: ids(25), policyIds: ids(26) },
  ]) {
    const answer = await world.acme.as('operator').post(copies, body);
    expect(answer.status, answer.text).toBe(422);
  }
  const foreign = { fromTenantId, versionIds: ids(1) };
  expect((await world.acme.as('operator').post(copies, foreign)).code).toBe('forbidden');
});
