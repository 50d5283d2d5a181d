import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { compareLive } from '../src/comparisons/compare-live.ts';
import { compareWholeBackups } from '../src/comparisons/compare-whole-backups.ts';
import { comparisonIdOf } from '../src/comparisons/make-comparison.ts';
import type { JsonValue } from '../src/kernel/canonical-json.ts';
import type { BackupId, RunId } from '../src/kernel/ids.ts';
import type { RunType } from '../src/runs/run-type.ts';
import { BackupWorld } from './setup/backup-world.ts';
import { RestoreVerbs } from './setup/restore-world.ts';
import { spawnWorker, type WorkerProcess } from './setup/worker-process.ts';

/** A worker is killed while it compares: another comes to the same, and counts nothing twice. */
let world: BackupWorld;
let acme: RestoreVerbs;
let before: BackupId;
let after: BackupId;
const workers: WorkerProcess[] = [];
const CHANGED = 12;

beforeAll(async () => {
  world = await BackupWorld.open({ policies: 20, limits: 'none', tenants: 1 });
  acme = new RestoreVerbs(world, world.tenant);
  workers.push(await spawn());
  before = await acme.backsUp();
  const { id: entra } = acme.tenant.entra;
  const objects = await world.simulator.objects(entra, 'configurationPolicies');
  for (const { id } of objects.slice(0, CHANGED)) {
    await world.simulator.editObject(entra, 'configurationPolicies', id, { description: 'new' });
  }
  after = await acme.backsUp();
});
afterEach(() => world.simulator.clearFaults());
afterAll(async () => {
  expect(await acme.writes()).toBe(0);
  for (const worker of workers) worker.kill('SIGKILL');
  await Promise.all(workers.map((worker) => worker.exited));
  await world.close();
});

const spawn = () => spawnWorker(world, world.workerMain, world.workerEnvironment);

/** Starts it, kills the worker when told to, lets another one go on, and gives the run. */
async function isKilledDuring<Input extends JsonValue>(
  type: RunType<Input>,
  input: Input,
  isMeant: (runId: RunId) => Promise<boolean>,
  letGo: () => Promise<void>,
) {
  const { id: tenantId, owner } = acme.tenant;
  const { id } = await world.starts(tenantId, owner, type, input);
  await world.until(
    () => isMeant(id),
    (is) => is,
  );
  workers.at(-1)?.kill('SIGKILL');
  await letGo();
  workers.push(await spawn());
  return world.ended(tenantId, id, 40_000);
}

async function isAtWork(runId: RunId): Promise<boolean> {
  const run = await world.run(acme.tenant.id, runId);
  return run.phase === 'running' && run.items_total > 0;
}

function itemsOf(runId: RunId) {
  return acme.inTenant(({ db }) =>
    db
      .selectFrom('comparison_items')
      .select(['subject_id', 'kind', 'difference_count'])
      .where('comparison_id', '=', comparisonIdOf(runId))
      .execute(),
  );
}

function comparisonOf(runId: RunId) {
  return acme.inTenant(({ db }) =>
    db
      .selectFrom('comparisons')
      .select(['state', 'counts'])
      .where('id', '=', comparisonIdOf(runId))
      .executeTakeFirst(),
  );
}

test('while Graph is silent: the live policy is read again', async () => {
  const { id: policyId } = await acme.inTenant(({ db }) =>
    db
      .selectFrom('policies')
      .select('id')
      .where('type', '=', 'configurationPolicy')
      .executeTakeFirstOrThrow(),
  );
  await world.simulator.befall({ times: 'always', fault: { kind: 'hang' } });
  const run = await isKilledDuring(compareLive, { policyId }, isAtWork, () =>
    world.simulator.clearFaults(),
  );
  expect(run).toMatchObject({ outcome: 'succeeded', takeovers: 1, items_total: 1 });
  expect(await itemsOf(run.id)).toHaveLength(1);
  expect(await comparisonOf(run.id)).toMatchObject({ state: 'complete' });
});

test('in the middle of two backups: each policy is there once', async () => {
  await world.asAdmin(SLOW_WRITES);
  const run = await isKilledDuring(
    compareWholeBackups,
    { before, after },
    async (id) => {
      const kinds = (await itemsOf(id)).map(({ kind }) => kind);
      return kinds.includes('changed') && kinds.includes('uncompared');
    },
    async () => void (await world.asAdmin('drop function is_slow cascade')),
  );
  expect(run).toMatchObject({ outcome: 'succeeded', takeovers: 1, items_failed: 0 });
  expect(run.items_total).toBe(1 + CHANGED);
  const items = await itemsOf(run.id);
  expect(items.map(({ kind }) => kind)).toEqual(Array.from({ length: CHANGED }, () => 'changed'));
  expect(items.every(({ difference_count }) => difference_count === 1)).toBe(true);
  const held = await acme.inTenant(({ db }) =>
    db.selectFrom('backup_items').select('policy_id').where('backup_id', '=', after).execute(),
  );
  expect(await comparisonOf(run.id)).toMatchObject({
    state: 'complete',
    counts: { changed: CHANGED, unchanged: held.length - CHANGED, new: 0, uncompared: 0 },
  });
});

/** Makes each policy take its time, so that the worker is killed between two of them. */
const SLOW_WRITES = `
  create function is_slow() returns trigger language plpgsql as $$
  begin perform pg_sleep(0.4); return new; end $$;
  create trigger is_slow before update on comparison_items
    for each row execute function is_slow()`;
