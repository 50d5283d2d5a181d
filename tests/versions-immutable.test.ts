import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { captureSnapshot } from '../src/backups/capture-snapshot.ts';
import { readVersionBody } from '../src/backups/read-version.ts';
import { withOwner } from '../src/db/owner-client.ts';
import { sha256Hex } from '../src/kernel/canonical-json.ts';
import { syncPolicies } from '../src/policies/sync-policies.ts';
import { catalogBody } from './setup/scripted-graph.ts';
import { setupTenants, type TenantVerbs, type TenantWorld } from './setup/tenant-fixture.ts';

let world: TenantWorld;
let acme: TenantVerbs;
let contentHash: Buffer;

beforeAll(async () => {
  ({ world, acme } = await setupTenants());
  acme.graph.has('configurationPolicy', 'a', catalogBody(1));
  await acme.runs(syncPolicies, {});
  const policyId = await acme.policyId('configurationPolicy', 'a');
  await acme.runs(captureSnapshot, { policyId, reason: 'to be kept' });
  const [version] = await acme.versions();
  if (version === undefined) throw new Error('no version was kept');
  contentHash = version.content_hash;
});
afterAll(() => world.close());

test('a body is read as it was stored', async () => {
  const body = await acme.inTenant((tx) => readVersionBody(tx, contentHash));
  expect(sha256Hex(body)).toBe(contentHash.toString('hex'));
  expect(JSON.parse(body)).toMatchObject({ name: 'name of a', platforms: 'windows10' });
});

test.each([
  ['the body', `update snapshots set body = '\\x00', content_hash = sha256('\\x00')`],
  ['the bodies by removing them', 'delete from snapshots'],
  ['a version', `update policy_versions set reason = 'another'`],
  ['a version by removing it', 'delete from policy_versions'],
])('the application cannot change %s', async (_what, statement) => {
  const change = acme.inTenant((tx) => tx.db.executeQuery(CompiledQuery.raw(statement)));
  await expect(change).rejects.toMatchObject({ code: '42501' });
});

const MISTAKES = [
  ['a body', `update snapshots set body = body`],
  ['the bodies by emptying the table', `truncate snapshots cascade`],
  ['a version', `update policy_versions set reason = 'another'`],
  ['whose a version is', `update policy_versions set run_id = gen_random_uuid()`],
  ['what was read beside a body', `update policy_versions set meta = '{"a":1}'`],
] as const;

test.each(MISTAKES)('the administrator does not change %s by mistake', async (_what, statement) => {
  await expect(world.asAdmin(statement)).rejects.toMatchObject({ code: '42501' });
});

test.each(MISTAKES)('the owner of the tables does not change %s', async (_what, statement) => {
  const change = withOwner(world.database.ownerUrl, async (owner) => {
    // Forced row-level security holds for the owner as well: it sees a tenant only as a tenant.
    await owner.query('alter table policy_versions no force row level security');
    await owner.query('alter table snapshots no force row level security');
    return owner.query(statement);
  });
  await expect(change).rejects.toMatchObject({ code: '42501' });
});

test('a body that a version refers to is not removed by its owner either', async () => {
  await expect(world.asAdmin('delete from snapshots')).rejects.toMatchObject({ code: '23503' });
});

test('a body under another hash is not taken', async () => {
  const planted = world.asAdmin(
    `insert into snapshots (tenant_id, content_hash, body) values ($1, sha256('a'), 'b')`,
    [acme.id],
  );
  await expect(planted).rejects.toMatchObject({ code: '23514' });
});

test('a flipped bit in a stored body is found, and so is a body that is gone', async () => {
  // What a failing disk does: past every trigger and check.
  await world.asAdmin('alter table snapshots disable trigger all');
  await world.asAdmin('alter table snapshots drop constraint snapshots_check');
  await world.asAdmin('update snapshots set body = set_bit(body, 42, 1 - get_bit(body, 42))');
  const read = () => acme.inTenant((tx) => readVersionBody(tx, contentHash));
  await expect(read()).rejects.toMatchObject({ code: 'snapshot.damaged' });

  await world.asAdmin('set session_replication_role = replica; delete from snapshots');
  await expect(read()).rejects.toMatchObject({ code: 'snapshot.damaged' });
});
