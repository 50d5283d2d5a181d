import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunId, TenantId } from '../src/kernel/ids.ts';
import { pruneOldRuns } from '../src/queue/prune-old-runs.ts';
import { createQueueWorld, type QueueWorld } from './setup/queue-fixture.ts';
import { scriptedRun } from './setup/scripted-run.ts';

const DAY_MS = 86_400_000;

let world: QueueWorld;
let tenant: TenantId;

beforeAll(async () => {
  world = await createQueueWorld([scriptedRun]);
  tenant = await world.hasTenant();
});
afterAll(() => world.close());

async function endedDaysAgo(name: string, days: number): Promise<RunId> {
  const person = await world.hasPerson(tenant);
  const { id } = await world.starts(tenant, person, scriptedRun, { name });
  await world.asAdmin(
    `update runs set phase = 'ended', outcome = 'succeeded',
      ended_at = now() - $2 * interval '1 day', created_at = now() - interval '1 year'
      where id = $1`,
    [id, days],
  );
  return id;
}

const prune = () => pruneOldRuns(world.db, 90 * DAY_MS, world.log);
const idsIn = async (table: string, column: string) => {
  const { rows } = await world.asAdmin(`select ${column} as id from ${table} order by 1`);
  return rows.map((row) => row.id);
};

test('ended runs past their retention go with what is theirs; what they made stays', async () => {
  const old = await endedDaysAgo('old', 91);
  const young = await endedDaysAgo('young', 89);
  const live = (await world.starts(tenant, null, scriptedRun, { name: 'live' })).id;
  await world.asAdmin(`update runs set created_at = now() - interval '1 year' where id = $1`, [
    live,
  ]);
  for (const run of [old, young]) await hasMade(run);
  await prune();
  expect(await idsIn('runs', 'id')).toEqual([young, live].sort());
  expect(await idsIn('run_items', 'run_id')).toEqual([young]);
  expect(await idsIn('notifications', 'run_id')).toEqual([young]);
  expect(await idsIn('run_requesters', 'run_id')).toEqual([young]);
  const made = await world.asAdmin('select run_id from backups order by run_id nulls first');
  expect(made.rows).toEqual([{ run_id: null }, { run_id: young }]);
  const versions = await world.asAdmin('select run_id from policy_versions order by 1 nulls first');
  expect(versions.rows).toEqual([{ run_id: null }, { run_id: young }]);
  expect(world.failures).toEqual([]);
});

/** An item, a backup and a version of the run; as the administrator, with triggers asleep. */
async function hasMade(run: RunId): Promise<void> {
  await world.asAdmin(`do $$ begin
    set local session_replication_role = replica;
    insert into run_items (tenant_id, run_id, seq, subject_kind, subject_id, label)
      values ('${tenant}', '${run}', 1, 'policy', '1', 'A');
    insert into backups (tenant_id, id, name, selection, run_id, made_by)
      values ('${tenant}', gen_random_uuid(), 'B', '{}', '${run}', 'a person');
    insert into policy_versions (tenant_id, id, policy_id, number, content_hash, assignments_hash,
      scope_tags_hash, name, reason, made_by, run_id, read_at, has_masked_secrets, meta, group_ids)
      values ('${tenant}', gen_random_uuid(), gen_random_uuid(), 1, sha256('a'), sha256('a'),
        sha256('a'), 'P', 'why', 'a person', '${run}', now(), false, '{}', '{}');
  end $$`);
}

test('a tenant with very many old runs is pruned a part at a time', async () => {
  const other = await world.hasTenant();
  await world.asAdmin(
    `insert into runs (tenant_id, id, type, target, input, input_hash, lane, phase, outcome,
        initiator_kind, initiator_label, ended_at)
      select $1, gen_random_uuid(), 'test.scripted', n::text, '{}', sha256('a'), 'bulk', 'ended',
        'succeeded', 'schedule', 'nightly', now() - interval '100 days'
      from generate_series(1, 450) n`,
    [other],
  );
  const left = async () =>
    (await world.asAdmin('select 1 from runs where tenant_id = $1', [other])).rowCount;
  await prune();
  expect(await left()).toBe(250);
  await prune();
  await prune();
  expect(await left()).toBe(0);
});

test('keys that made a request repeatable are forgotten after a day', async () => {
  await world.asAdmin(
    `insert into idempotency_keys (tenant_id, principal_id, route, key, body_hash, status, response,
        created_at)
      select $1, $1, 'POST', n::text, sha256('a'), 200, '{}', now() - n * interval '5 hours'
      from generate_series(1, 6) n`,
    [tenant],
  );
  await prune();
  expect(await idsIn('idempotency_keys', 'key')).toEqual(['1', '2', '3', '4']);
});
