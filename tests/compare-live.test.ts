import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { compareLive } from '../src/comparisons/compare-live.ts';
import { comparisonIdOf } from '../src/comparisons/make-comparison.ts';
import type { PolicyType } from '../src/graph/contracts/list.ts';
import type { PolicyId, RunId } from '../src/kernel/ids.ts';
import { syncPolicies } from '../src/policies/sync-policies.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** A policy as it is now, held against a version, and nothing of it kept. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let policyId: PolicyId;
let unkept: Awaited<ReturnType<typeof compares>>;
const NAME = 'Windows - BitLocker disk encryption';

beforeAll(async () => {
  story = await setupRestores({ tenants: 1 });
  ({ acme } = story);
  await story.world.runs(acme.tenant, syncPolicies, {});
  policyId = await policyNamed(NAME);
  unkept = await compares();
  await acme.backsUp();
  await edits({ description: 'changed in the portal' });
});
afterEach(() => story.simulator.clearFaults());
afterAll(async () => {
  expect(await acme.writes()).toBe(0);
  await story.world.close();
});

function policyNamed(name: string): Promise<PolicyId> {
  return acme.inTenant(async (tx) => {
    const { id } = await tx.db
      .selectFrom('policies')
      .select('id')
      .where('name', '=', name)
      .executeTakeFirstOrThrow();
    return id;
  });
}

async function edits(changes: Record<string, string>): Promise<void> {
  const { id: entra } = acme.tenant.entra;
  const id = await idOf(acme, 'configurationPolicies', NAME);
  await story.simulator.editObject(entra, 'configurationPolicies', id, changes);
}

const compares = (id: PolicyId = policyId) =>
  story.world.runs(acme.tenant, compareLive, { policyId: id });

function resultOf(runId: RunId) {
  const id = comparisonIdOf(runId);
  return acme.inTenant(async ({ db }) => ({
    comparison: await db
      .selectFrom('comparisons')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst(),
    items: await db
      .selectFrom('comparison_items')
      .selectAll()
      .where('comparison_id', '=', id)
      .execute(),
  }));
}

function countVersions(): Promise<number> {
  return acme.inTenant(
    async ({ db }) => (await db.selectFrom('policy_versions').select('id').execute()).length,
  );
}

async function expectTheChange(runId: RunId): Promise<void> {
  const { comparison, items } = await resultOf(runId);
  expect(comparison).toMatchObject({ kind: 'live', state: 'complete' });
  expect(comparison?.counts).toMatchObject({ changed: 1, unchanged: 0, uncompared: 0 });
  expect(items).toMatchObject([
    {
      name: NAME,
      kind: 'changed',
      before_number: 1,
      after_number: null,
      difference_count: 1,
      differences: [{ label: 'Description', after: 'changed in the portal' }],
    },
  ]);
}

test('without a version there is nothing to compare with', async () => {
  expect(unkept.outcome).toBe('failed');
  const [item] = await story.world.items(acme.tenant.id, unkept.id);
  expect(item?.code).toBe('comparison.no_version');
});

test('what differs is told, and nothing is kept as a version', async () => {
  const versions = await countVersions();
  const run = await compares();
  expect(run).toMatchObject({ outcome: 'succeeded', items_succeeded: 1 });
  await expectTheChange(run.id);
  expect(await countVersions()).toBe(versions);
});

test('throttled, cut off, answers lost: the same result', async () => {
  await story.simulator.befall(
    { match: { path: '/configurationPolicies' }, fault: { kind: 'throttle', retryAfter: 0.2 } },
    { times: 2, fault: { kind: 'resetMidBody' } },
    { times: 2, fault: { kind: 'status', status: 504 } },
  );
  const run = await compares();
  expect(run).toMatchObject({ outcome: 'succeeded', items_failed: 0 });
  await expectTheChange(run.id);
});

test('a version may be named, but not one of another type', async () => {
  const versionOf = (type: PolicyType) =>
    acme.inTenant(({ db }) =>
      db
        .selectFrom('policy_versions as v')
        .innerJoin('policies as p', 'p.id', 'v.policy_id')
        .select(['v.id', 'v.name'])
        .where('p.type', '=', type)
        .where('v.policy_id', '<>', policyId)
        .executeTakeFirstOrThrow(),
    );
  const other = await versionOf('configurationPolicy');
  const run = await story.world.runs(acme.tenant, compareLive, { policyId, versionId: other.id });
  const { comparison, items } = await resultOf(run.id);
  expect(comparison?.before_label).toBe(`${other.name}, version 1`);
  expect(items[0]?.difference_count).toBeGreaterThan(1);
  const { id: versionId } = await versionOf('namedLocation');
  const refused = await story.world.runs(acme.tenant, compareLive, { policyId, versionId });
  expect(refused.outcome).toBe('failed');
  const [item] = await story.world.items(acme.tenant.id, refused.id);
  expect(item?.code).toBe('comparison.types_differ');
});

test('a second start joins the first; with another version it is a conflict', async () => {
  await story.simulator.befall({ times: 'always', fault: { kind: 'hang' } });
  const { id: tenantId, owner } = acme.tenant;
  const first = await story.world.starts(tenantId, owner, compareLive, { policyId });
  const again = await story.world.starts(tenantId, owner, compareLive, { policyId });
  expect(again.id).toBe(first.id);
  const { id: versionId } = await acme.inTenant(({ db }) =>
    db.selectFrom('policy_versions').select('id').executeTakeFirstOrThrow(),
  );
  await expect(
    story.world.starts(tenantId, owner, compareLive, { policyId, versionId }),
  ).rejects.toMatchObject({ code: 'run.live_with_other_input' });
  await story.simulator.clearFaults();
  await expectTheChange((await story.world.ended(tenantId, first.id)).id);
});

test('a deleted policy is told as gone; the result goes with its run', async () => {
  await story.simulator.removeObject(
    acme.tenant.entra.id,
    'configurationPolicies',
    await idOf(acme, 'configurationPolicies', NAME),
  );
  const run = await compares();
  expect(run).toMatchObject({ outcome: 'succeeded', items_skipped: 1 });
  const [item] = await story.world.items(acme.tenant.id, run.id);
  expect(item?.code).toBe('policy.gone');
  const { comparison, items } = await resultOf(run.id);
  expect(comparison?.counts).toMatchObject({ gone: 1, changed: 0 });
  expect(items).toMatchObject([{ kind: 'gone', differences: [] }]);
  await acme.inTenant(({ db }) => db.deleteFrom('runs').where('id', '=', run.id).execute());
  expect(await resultOf(run.id)).toEqual({ comparison: undefined, items: [] });
});
