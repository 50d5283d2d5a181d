import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createBackup } from '../src/backups/create-backup.ts';
import { readVersionBody } from '../src/backups/read-version.ts';
import type { Selection } from '../src/backups/selection.ts';
import { inTenant } from '../src/db/tenant-tx.ts';
import { BackupWorld } from './setup/backup-world.ts';
import type { FaultRule } from './setup/simulator.ts';

/**
 * Goal: whatever Graph does, an item is complete or failed, never smaller. Method: one backup with
 * nothing wrong says what complete is; then each misbehaviour in turn, and every body that is kept
 * must be one of the complete ones.
 */
let world: BackupWorld;
let whole: ReadonlyMap<string, string>;
const types = ['configurationPolicy', 'deviceCompliancePolicy', 'deviceConfiguration'] as const;
const selection: Selection = { kind: 'types', types: [...types] };

beforeAll(async () => {
  world = await BackupWorld.open({ tenants: 1, policies: 40, limits: 'none' });
  await world.worker({ sliceMs: 1_000 });
  const run = await world.runs(world.tenant, createBackup, { selection });
  expect(run).toMatchObject({ outcome: 'succeeded' });
  whole = await readBackup(run.id);
});
afterEach(() => world.simulator.clearFaults());
afterAll(() => world.close());

const PARTS = '/(settings|assignments)|\\$expand=';
/** The whole collection, not one of its policies, in a path that ends there or has a query. */
const LISTINGS = {
  configurationPolicy: '/configurationPolicies(\\?|$)',
  deviceCompliancePolicy: '/deviceCompliancePolicies(\\?|$)',
  deviceConfiguration: '/deviceConfigurations(\\?|$)',
} as const;
const MISBEHAVIOUR: readonly (readonly [string, FaultRule])[] = [
  ['a part of a batch answers 429', batched({ kind: 'throttle', retryAfter: 0.2 }, 3)],
  [
    'a part answers 429 without saying how long',
    batched({ kind: 'throttle', retryAfter: null }, 1),
  ],
  ['a part of a batch answers 500', batched({ kind: 'status', status: 500 }, 10)],
  ...types.map((type): readonly [string, FaultRule] => [
    `the listing of ${type} gives half a page`,
    { match: { path: LISTINGS[type] }, fault: { kind: 'halfPage' } },
  ]),
  [
    'the settings come as half a page',
    { match: { path: '/settings' }, times: 3, fault: { kind: 'halfPage' } },
  ],
  [
    'the count of settings is wrong',
    { match: { path: PARTS }, times: 2, fault: { kind: 'wrongSettingCount', delta: 1 } },
  ],
  [
    'the connection breaks in the middle of a body',
    { times: 3, skip: 2, fault: { kind: 'resetMidBody' } },
  ],
  ['the connection breaks before an answer', { times: 3, skip: 2, fault: { kind: 'reset' } }],
  ['an answer is no JSON', { times: 2, skip: 3, fault: { kind: 'malformedJson' } }],
  ['the gateway gives up', { times: 3, fault: { kind: 'status', status: 504 } }],
];

function batched(fault: FaultRule['fault'], times: number): FaultRule {
  return { match: { batched: true }, times, fault };
}

for (const [name, rule] of MISBEHAVIOUR) {
  test(`${name}: every item is complete or failed`, async () => {
    await world.simulator.befall(rule);
    const run = await world.runs(world.tenant, createBackup, { selection });
    await expectNothingSmaller(run.id, run.items_failed);
  });
}

test('a policy whose settings never add up is failed, and the others are kept', async () => {
  const [first] = await world.simulator.objects(world.tenant.entra.id, 'configurationPolicies');
  const path = `/configurationPolicies/${first?.id}`;
  await world.simulator.befall({
    match: { path },
    times: 'always',
    fault: { kind: 'wrongSettingCount', delta: 1 },
  });
  const run = await world.runs(world.tenant, createBackup, { selection });
  expect(run).toMatchObject({ outcome: 'partial', items_failed: 1 });
  const items = await world.items(world.tenant.id, run.id);
  expect(items.find((item) => item.outcome === 'failed')).toMatchObject({
    subject_id: `configurationPolicy/${first?.id}`,
    code: 'graph.incomplete',
  });
  const backup = await inTenant(world.db, world.tenant.id, (tx) =>
    tx.db.selectFrom('backups').select('state').where('run_id', '=', run.id).executeTakeFirst(),
  );
  expect(backup).toEqual({ state: 'incomplete' });
});

test('a type without permission is a failed listing, and the other types are kept', async () => {
  await world.simulator.befall({
    match: { path: '/deviceConfigurations' },
    times: 'always',
    fault: { kind: 'notPermitted' },
  });
  const run = await world.runs(world.tenant, createBackup, { selection });
  expect(run).toMatchObject({ outcome: 'partial', items_failed: 1 });
  const items = await world.items(world.tenant.id, run.id);
  expect(items.find((item) => item.outcome === 'failed')).toMatchObject({
    subject_kind: 'listing',
    subject_id: 'deviceConfiguration',
    code: 'graph.permission_missing',
  });
});

test('a type without licence is skipped, and the backup is complete', async () => {
  await world.simulator.befall({
    match: { path: '/deviceConfigurations' },
    times: 'always',
    fault: { kind: 'notLicensed' },
  });
  const run = await world.runs(world.tenant, createBackup, { selection });
  expect(run).toMatchObject({ outcome: 'succeeded', items_failed: 0, items_skipped: 1 });
});

/** Every body of the backup is a complete one, and what is not there has failed. */
async function expectNothingSmaller(runId: string, failed: number): Promise<void> {
  const kept = await readBackup(runId);
  for (const [graphId, body] of kept) expect(body).toBe(whole.get(graphId));
  // A failed listing hides the policies of its type; a failed policy only itself.
  if (failed === 0) expect(kept.size).toBe(whole.size);
  const missing = await inTenant(world.db, world.tenant.id, (tx) =>
    tx.db.selectFrom('policies').select('id').where('missing_since', 'is not', null).execute(),
  );
  expect(missing).toEqual([]);
}

function readBackup(runId: string): Promise<Map<string, string>> {
  return inTenant(world.db, world.tenant.id, async (tx) => {
    const rows = await tx.db
      .selectFrom('backups as b')
      .innerJoin('backup_items as i', 'i.backup_id', 'b.id')
      .innerJoin('policy_versions as v', 'v.id', 'i.version_id')
      .innerJoin('policies as p', 'p.id', 'v.policy_id')
      .select(['p.graph_id', 'v.content_hash', 'b.run_id'])
      .execute();
    const bodies = new Map<string, string>();
    for (const row of rows.filter((row) => row.run_id === runId)) {
      bodies.set(row.graph_id, await readVersionBody(tx, row.content_hash));
    }
    return bodies;
  });
}
