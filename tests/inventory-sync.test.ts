import { afterEach, beforeEach, expect, test } from 'vitest';
import { POLICY_TYPES } from '../src/graph/contracts/list.ts';
import { AppError } from '../src/kernel/errors.ts';
import { readInstant } from '../src/policies/database-instant.ts';
import { observePolicies } from '../src/policies/observe-policies.ts';
import { syncPolicies } from '../src/policies/sync-policies.ts';
import { setupTenants, type TenantVerbs, type TenantWorld } from './setup/tenant-fixture.ts';

let world: TenantWorld;
let acme: TenantVerbs;

beforeEach(async () => {
  ({ world, acme } = await setupTenants());
});
afterEach(() => world.close());

test('a sync lists every type and settles each policy it sees, and makes no snapshot', async () => {
  for (const id of ['a', 'b', 'c']) acme.graph.has('configurationPolicy', id);
  acme.graph.has('conditionalAccessPolicy', 'a');

  const run = await acme.runs(syncPolicies, {});

  expect(run.outcome).toBe('succeeded');
  expect([...acme.graph.listings].sort()).toEqual([...POLICY_TYPES].sort());
  const items = await acme.items(run.id);
  expect(items.filter((item) => item.startsWith('listing'))).toHaveLength(POLICY_TYPES.length);
  expect(items.filter((item) => item.startsWith('policy'))).toEqual([
    'policy conditionalAccessPolicy/a succeeded',
    'policy configurationPolicy/a succeeded',
    'policy configurationPolicy/b succeeded',
    'policy configurationPolicy/c succeeded',
  ]);
  expect(acme.graph.reads).toEqual([]);
  expect(await acme.versions()).toEqual([]);
  expect(await acme.countOf('snapshots')).toBe(0);
});

test('a policy is missing only after a complete listing', async () => {
  for (const id of ['a', 'b', 'c']) acme.graph.has('configurationPolicy', id);
  await acme.runs(syncPolicies, {});
  acme.graph.loses('configurationPolicy', 'c');
  acme.graph.beforePage = (type, page) => {
    const isLast = type === 'configurationPolicy' && page === 1;
    if (isLast) throw new AppError('graph.permission_missing');
  };
  const broken = await acme.runs(syncPolicies, {});
  expect(broken.outcome).toBe('partial');
  expect(acme.graph.reads).toEqual([]);
  expect((await acme.policy('configurationPolicy', 'c')).missing_since).toBeNull();

  acme.graph.beforePage = () => {};
  const whole = await acme.runs(syncPolicies, {});
  expect(whole.outcome).toBe('succeeded');
  expect(await acme.items(whole.id)).toContain('policy configurationPolicy/c skipped policy.gone');
  expect((await acme.policy('configurationPolicy', 'c')).missing_since).not.toBeNull();
  expect((await acme.policy('configurationPolicy', 'a')).missing_since).toBeNull();
});

test('a policy that a listing left out is looked at, and is there after all', async () => {
  for (const id of ['a', 'b', 'c']) acme.graph.has('configurationPolicy', id);
  await acme.runs(syncPolicies, {});
  acme.graph.hidden.add('b').add('c');
  acme.graph.has('configurationPolicy', 'b', { name: 'renamed' });
  const run = await acme.runs(syncPolicies, {});

  expect(run.outcome).toBe('succeeded');
  expect(acme.graph.reads.toSorted()).toEqual(['configurationPolicy/b', 'configurationPolicy/c']);
  expect(await acme.items(run.id)).toContain('policy configurationPolicy/b succeeded');
  expect(await acme.policy('configurationPolicy', 'b')).toMatchObject({
    name: 'renamed',
    missing_since: null,
  });
  expect(await acme.versions()).toEqual([]);
});

test('a policy that cannot be looked at is failed, not missing', async () => {
  for (const id of ['a', 'b']) acme.graph.has('configurationPolicy', id);
  await acme.runs(syncPolicies, {});
  acme.graph.hidden.add('b');
  acme.graph.beforeRead = () => {
    throw new AppError('graph.refused');
  };
  const run = await acme.runs(syncPolicies, {});
  expect(run).toMatchObject({ outcome: 'partial', items_failed: 1 });
  expect((await acme.policy('configurationPolicy', 'b')).missing_since).toBeNull();
});

test('a policy that somebody sees after it was looked for is not missing', async () => {
  acme.graph.has('configurationPolicy', 'b');
  await acme.runs(syncPolicies, {});
  acme.graph.loses('configurationPolicy', 'b');
  acme.graph.beforeRead = async (type) => {
    const face = { graphId: 'b', name: 'b', platform: null, lastModifiedAt: null };
    await acme.inTenant(async (tx) =>
      observePolicies(tx, [{ type, face, lookedAt: await readInstant(tx) }]),
    );
  };
  await acme.runs(syncPolicies, {});
  expect((await acme.policy('configurationPolicy', 'b')).missing_since).toBeNull();
});

test('more policies than fit into one transaction are looked at, each once', async () => {
  const lookedAt = await acme.inTenant(readInstant);
  const looks = Array.from({ length: 1_001 }, (_, index) => {
    const face = { graphId: `p${index}`, name: `p${index}`, platform: null, lastModifiedAt: null };
    return { type: 'configurationPolicy', face, lookedAt } as const;
  });
  await acme.inTenant((tx) => observePolicies(tx, looks));
  const run = await acme.runs(syncPolicies, {});
  expect(run).toMatchObject({ outcome: 'succeeded', items_skipped: 1_001 });
  expect(new Set(acme.graph.reads).size).toBe(1_001);
  expect(acme.graph.reads).toHaveLength(1_001);

  // They are missing now, so that the next run does not look for them again.
  expect(await acme.runs(syncPolicies, {})).toMatchObject({ items_skipped: 0 });
});

test('a policy that another run saw while the listing went on is not missing', async () => {
  acme.graph.has('configurationPolicy', 'a');
  acme.graph.has('configurationPolicy', 'b');
  await acme.runs(syncPolicies, {});
  // The listing does not hold b, but somebody sees it before the listing ends.
  acme.graph.loses('configurationPolicy', 'b');
  acme.graph.beforePage = async (type, page) => {
    if (type !== 'configurationPolicy' || page !== 1) return;
    const face = { graphId: 'b', name: 'b', platform: null, lastModifiedAt: null };
    await acme.inTenant(async (tx) =>
      observePolicies(tx, [{ type, face, lookedAt: await readInstant(tx) }]),
    );
  };
  await acme.runs(syncPolicies, {});
  expect(acme.graph.reads).toEqual([]);
  expect((await acme.policy('configurationPolicy', 'b')).missing_since).toBeNull();
});

test('a policy that comes back is not missing any more', async () => {
  acme.graph.has('namedLocation', 'a');
  await acme.runs(syncPolicies, {});
  acme.graph.loses('namedLocation', 'a');
  await acme.runs(syncPolicies, {});
  const gone = await acme.policy('namedLocation', 'a');
  expect(gone.missing_since).not.toBeNull();
  acme.graph.has('namedLocation', 'a', { displayName: 'again' });
  await acme.runs(syncPolicies, {});
  const back = await acme.policy('namedLocation', 'a');
  expect(back).toMatchObject({ id: gone.id, name: 'again', missing_since: null });
});

test('a type without permission fails, one without licence is skipped; both are told', async () => {
  acme.graph.beforeList = (type) => {
    if (type === 'conditionalAccessPolicy') throw new AppError('graph.not_licensed');
    if (type === 'namedLocation') throw new AppError('graph.permission_missing');
  };
  const run = await acme.runs(syncPolicies, {});

  expect(run.outcome).toBe('partial');
  const items = await acme.items(run.id);
  expect(items).toContain('listing conditionalAccessPolicy skipped graph.not_licensed');
  expect(items).toContain('listing namedLocation failed graph.permission_missing');
  const coverage = await acme.inTenant((tx) =>
    tx.db.selectFrom('coverage').select(['policy_type', 'state', 'code']).execute(),
  );
  expect(coverage).toHaveLength(POLICY_TYPES.length);
  expect(coverage).toContainEqual({
    policy_type: 'conditionalAccessPolicy',
    state: 'not_licensed',
    code: 'graph.not_licensed',
  });
  expect(coverage).toContainEqual({
    policy_type: 'namedLocation',
    state: 'not_permitted',
    code: 'graph.permission_missing',
  });
  expect(coverage).toContainEqual({
    policy_type: 'configurationPolicy',
    state: 'covered',
    code: null,
  });
});

test('a name that PostgreSQL refuses does not stop the inventory', async () => {
  acme.graph.has('configurationPolicy', 'a', { name: 'nul \u0000 half \ud800' });
  acme.graph.has('configurationPolicy', 'b', { name: '' });
  const run = await acme.runs(syncPolicies, {});
  expect(run.outcome).toBe('succeeded');
  expect((await acme.policy('configurationPolicy', 'a')).name).toBe('nul \ufffd half \ufffd');
  expect((await acme.policy('configurationPolicy', 'b')).name).toBe('b');
});
