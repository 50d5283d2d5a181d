import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareBackups } from '../src/backups/compare-backups.ts';
import { compareWholeBackups } from '../src/comparisons/compare-whole-backups.ts';
import { comparisonIdOf } from '../src/comparisons/make-comparison.ts';
import type { BackupId, RunId } from '../src/kernel/ids.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** Two backups in a run: what the paged comparison says, stored and counted. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let before: BackupId;
let after: BackupId;
const CHANGED = 'Windows - BitLocker disk encryption';
const ALSO_CHANGED = 'Windows - Edge security';

beforeAll(async () => {
  story = await setupRestores({ tenants: 2 });
  ({ acme } = story);
  before = await acme.backsUp();
  const { id: entra } = acme.tenant.entra;
  const { simulator } = story;
  for (const name of [CHANGED, ALSO_CHANGED]) {
    const id = await idOf(acme, 'configurationPolicies', name);
    await simulator.editObject(entra, 'configurationPolicies', id, { description: name });
  }
  const location = await idOf(acme, 'namedLocations', 'Countries we work in');
  await simulator.removeObject(entra, 'namedLocations', location);
  const [tag] = await simulator.objects(entra, 'roleScopeTags');
  await simulator.addObject(entra, 'roleScopeTags', '77', { ...tag?.object, displayName: 'Added' });
  after = await acme.backsUp();
});
afterAll(async () => {
  expect(await acme.writes()).toBe(0);
  await story.world.close();
});

const compares = (pair = { before, after }) =>
  story.world.runs(acme.tenant, compareWholeBackups, pair);

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
      .orderBy('subject_id')
      .execute(),
  }));
}

test('it says what the pages of a request say', async () => {
  const run = await compares();
  expect(run).toMatchObject({ outcome: 'succeeded', items_failed: 0, graph_calls: 0 });
  const { comparison, items } = await resultOf(run.id);
  expect(comparison).toMatchObject({ kind: 'backups', state: 'complete' });
  const paged = await acme.inTenant(async (tx) => {
    const found = [];
    let last: [string] | undefined;
    do {
      const pair = { before, after };
      const page = await compareBackups(tx, pair, { after: last, limit: 50 });
      found.push(...page.rows);
      last = page.next === null ? undefined : [page.next[0] ?? ''];
    } while (last !== undefined);
    return found;
  });
  const differing = paged.filter(({ kind }) => kind !== 'unchanged');
  expect(
    items.map(({ subject_id, name, kind, before_number, after_number, differences }) => ({
      policyId: subject_id,
      name,
      kind,
      before: before_number,
      after: after_number,
      differences,
    })),
  ).toEqual(
    differing.map(({ policyId, name, kind, before: from, after: to, differences }) => {
      return { policyId, name, kind, before: from, after: to, differences };
    }),
  );
  expect(differing).toHaveLength(4);
  expect(comparison?.counts).toEqual({
    new: 1,
    changed: 2,
    gone: 1,
    left_out: 0,
    ambiguous: 0,
    uncompared: 0,
    unchanged: paged.length - 4,
  });
});

test('a backup with itself has no differences, and needs no body', async () => {
  const run = await compares({ before: after, after });
  expect(run).toMatchObject({ outcome: 'succeeded', items_total: 1 });
  expect((await resultOf(run.id)).items).toEqual([]);
});

test('a damaged body fails its policy and no other', async () => {
  await story.world.asAdmin(`
    set session_replication_role = replica;
    alter table snapshots drop constraint snapshots_check;
    update snapshots set body = body || ' '::bytea where content_hash = (
      select v.content_hash from policy_versions v join policies p on p.id = v.policy_id
      where p.name = '${ALSO_CHANGED}' and v.number = 2)`);
  const run = await compares();
  expect(run).toMatchObject({ outcome: 'partial', items_failed: 1 });
  const failed = (await story.world.items(acme.tenant.id, run.id)).find(
    ({ outcome }) => outcome === 'failed',
  );
  expect(failed).toMatchObject({ code: 'snapshot.damaged', label: ALSO_CHANGED });
  const { comparison, items } = await resultOf(run.id);
  expect(comparison?.state).toBe('incomplete');
  expect(comparison?.counts).toMatchObject({ changed: 1, uncompared: 1, new: 1, gone: 1 });
  const kinds = Object.fromEntries(items.map(({ name, kind }) => [name, kind]));
  expect(kinds).toMatchObject({ [CHANGED]: 'changed', [ALSO_CHANGED]: 'uncompared' });
});

test('a backup that is still being made is refused', async () => {
  await story.world.asAdmin(`update backups set state = 'building' where id = '${before}'`);
  const run = await compares();
  expect(run).toMatchObject({ outcome: 'failed', code: 'comparison.backup_unfinished' });
  expect((await resultOf(run.id)).comparison).toBeUndefined();
});

test('another tenant neither compares them nor sees the result', async () => {
  const [, globex] = story.tenants;
  if (globex === undefined) throw new Error('two tenants');
  await expect(
    story.world.runs(globex.tenant, compareWholeBackups, { before, after }),
  ).rejects.toMatchObject({ code: '23503' });
  const seen = await globex.inTenant(({ db }) =>
    db.selectFrom('comparisons').select('id').execute(),
  );
  expect(seen).toEqual([]);
});
