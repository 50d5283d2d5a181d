import { afterEach, beforeEach, expect, test } from 'vitest';
import { captureSnapshot } from '../src/backups/capture-snapshot.ts';
import { keepVersions } from '../src/backups/keep-version.ts';
import { toPolicyDocument } from '../src/graph/canonical-form.ts';
import type { PolicyDocument } from '../src/graph/policy-document.ts';
import { systemClock } from '../src/kernel/clock.ts';
import type { RunId } from '../src/kernel/ids.ts';
import { type DatabaseInstant, readInstant } from '../src/policies/database-instant.ts';
import { observePolicies } from '../src/policies/observe-policies.ts';
import { syncPolicies } from '../src/policies/sync-policies.ts';
import { catalogBody } from './setup/scripted-graph.ts';
import { setupTenants, type TenantVerbs, type TenantWorld } from './setup/tenant-fixture.ts';

const TYPE = 'configurationPolicy';
let world: TenantWorld;
let acme: TenantVerbs;
let syncId: RunId;

beforeEach(async () => {
  ({ world, acme } = await setupTenants());
  acme.graph.has(TYPE, 'a', catalogBody(1));
  syncId = (await acme.runs(syncPolicies, {})).id;
});
afterEach(() => world.close());

async function capture(reason = 'before the change') {
  return acme.runs(captureSnapshot, { policyId: await acme.policyId(TYPE, 'a'), reason });
}

test('a capture keeps what there is, who asked and why', async () => {
  const run = await capture('before the change');
  expect(run).toMatchObject({ outcome: 'succeeded', items_succeeded: 1, items_total: 1 });
  const [version] = await acme.versions();
  expect(version).toMatchObject({
    number: 1,
    reason: 'before the change',
    made_by: 'Ada',
    run_id: run.id,
  });
  expect((await acme.policy(TYPE, 'a')).latest_version).toBe(1);
});

test('an unchanged policy makes no new version', async () => {
  await capture();
  const second = await capture('again');
  expect(second).toMatchObject({ outcome: 'succeeded', items_skipped: 1 });
  expect(await acme.items(second.id)).toEqual([`policy ${TYPE}/a skipped policy.unchanged`]);
  expect(await acme.versions()).toHaveLength(1);
});

test('a reordered answer makes no new version', async () => {
  const first = '6f0c8a52-1b1f-4f43-9f2e-1f1f1f1f1f01';
  const second = '6f0c8a52-1b1f-4f43-9f2e-1f1f1f1f1f02';
  acme.graph.has(TYPE, 'a', catalogBody(1, [first, second]));
  await capture();
  acme.graph.has(TYPE, 'a', catalogBody(1, [second, first]));
  await capture('again');
  expect(await acme.versions()).toHaveLength(1);
});

test('a change makes the next version, and going back another, with the old body', async () => {
  await capture('1');
  acme.graph.has(TYPE, 'a', catalogBody(2));
  await capture('2');
  acme.graph.has(TYPE, 'a', catalogBody(1));
  await capture('3');
  const versions = await acme.versions();
  expect(versions.map((version) => version.number)).toEqual([1, 2, 3]);
  expect(versions[2]?.content_hash).toEqual(versions[0]?.content_hash);
  expect(await acme.countOf('snapshots')).toBe(2);
});

test('a policy that is gone is skipped and missing', async () => {
  acme.graph.loses(TYPE, 'a');
  const run = await capture();
  expect(await acme.items(run.id)).toEqual([`policy ${TYPE}/a skipped policy.gone`]);
  expect(run.outcome).toBe('succeeded');
  expect((await acme.policy(TYPE, 'a')).missing_since).not.toBeNull();
});

test('two captures at once make one version', async () => {
  await Promise.all([keepNow(1), keepNow(1), keepNow(1), keepNow(1)]);
  expect(await acme.versions()).toHaveLength(1);
  await Promise.all([keepNow(2), keepNow(2), keepNow(2), keepNow(2)]);
  expect((await acme.versions()).map((version) => version.number)).toEqual([1, 2]);
});

test('a slow reader never puts an old state on top of a newer one', async () => {
  const early = await acme.inTenant(readInstant);
  const [kept] = await keepNow(2);
  const [slow] = await keep(document(1), early);
  expect(slow).toMatchObject({ number: kept?.number, isNew: false });
  expect(await acme.versions()).toHaveLength(1);
});

test('nor on top of a newer one that was no change', async () => {
  await keepNow(1);
  const between = await acme.inTenant(readInstant);
  await keepNow(1);
  await keep(document(2), between);
  expect(await acme.versions()).toHaveLength(1);
});

test('a slow reader neither renames a policy nor brings one back', async () => {
  const early = await acme.inTenant(readInstant);
  acme.graph.has(TYPE, 'a', { ...catalogBody(1), name: 'new name' });
  await acme.runs(syncPolicies, {});
  await keep(document(1, 'old name'), early);
  expect((await acme.policy(TYPE, 'a')).name).toBe('new name');

  const beforeDeletion = await acme.inTenant(readInstant);
  acme.graph.loses(TYPE, 'a');
  await acme.runs(syncPolicies, {});
  await keep(document(1, 'old name'), beforeDeletion);
  expect((await acme.policy(TYPE, 'a')).missing_since).not.toBeNull();
});

test('a run that repeats itself after a crash is still the one that made the version', async () => {
  const runId = (await capture()).id;
  const [again] = await keep(document(1), await acme.inTenant(readInstant), runId);
  expect(again).toMatchObject({ number: 1, isNew: true, isNewBody: false });
  expect(await acme.versions()).toHaveLength(1);
});

function document(value: number, name = 'name of a'): PolicyDocument {
  const raw = { id: 'a', name, ...catalogBody(value) };
  return toPolicyDocument(TYPE, raw, systemClock.now());
}

async function keepNow(value: number) {
  return keep(document(value), await acme.inTenant(readInstant));
}

/** What two workers do with one policy, without the run around it. */
function keep(face: PolicyDocument, lookedAt: DatabaseInstant, runId = syncId) {
  return acme.inTenant(async (tx) => {
    const policies = await observePolicies(tx, [{ type: TYPE, face, lookedAt }]);
    const why = { runId, madeBy: 'Ada', reason: 'a test' };
    return [...(await keepVersions(tx, policies, why)).values()];
  });
}
