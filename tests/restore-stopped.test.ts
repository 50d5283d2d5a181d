import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { removeMember } from '../src/access/members.ts';
import { SYSTEM_ACTOR } from '../src/audit/record-audit.ts';
import { withOwner } from '../src/db/owner-client.ts';
import type { BackupId, RestoreId, RunId, UserId } from '../src/kernel/ids.ts';
import type { WorkerSettings } from '../src/queue/settings.ts';
import { undoRestore } from '../src/restores/derive-restore.ts';
import { cancelRunForStory } from './setup/cancel.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { spawnWorker, type WorkerProcess } from './setup/worker-process.ts';
import { CALM } from './setup/worker-settings.ts';

/** A restore is stopped in its middle: by a person, by a stop of its worker, by what goes away. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let backup: BackupId;
let worker: { stop(): Promise<void> };
const spawned: WorkerProcess[] = [];
const FILTERS = 'assignmentFilters';
/** More than are worked at once. */
const NAMES = Array.from({ length: 12 }, (_, at) => `Stopped ${at}`);
/** As in the product: the grace of a stop, and how long an answer under way is waited for. */
const PATIENT = { ...CALM, stopGraceMs: 5_000, abandonMs: 3_000 };

beforeAll(async () => {
  story = await setupRestores();
  ({ acme, worker } = story);
  for (const displayName of NAMES) {
    const body = { displayName, platform: 'iOS', rule: '(device.model -startsWith "iPad")' };
    await story.simulator.addObject(acme.tenant.entra.id, FILTERS, crypto.randomUUID(), body);
  }
  backup = await acme.backsUp();
});
beforeEach(async () => {
  await story.simulator.clearFaults();
  for (const { id } of await made()) {
    await story.simulator.removeObject(acme.tenant.entra.id, FILTERS, id);
  }
  await story.simulator.clearLog();
});
afterEach(() => {
  for (const one of spawned.splice(0)) one.kill('SIGKILL');
});
afterAll(() => story.world.close());

async function made() {
  const filters = await story.simulator.objects(acme.tenant.entra.id, FILTERS);
  return filters.filter(({ name }) => name.startsWith('Stopped'));
}

async function previewed(): Promise<RestoreId> {
  const id = await acme.previewsBackup(backup, { selection: { nameContains: 'Stopped' } });
  await acme.confirms(id);
  return id;
}

/** Each create is done at once and answered later. */
const answersAfter = (ms: number) =>
  story.simulator.befall({
    match: { method: 'POST', path: `${FILTERS}$` },
    times: 'always',
    fault: { kind: 'delay', ms },
  });

async function works(settings: Partial<WorkerSettings>): Promise<void> {
  await worker.stop();
  worker = await story.world.worker(settings);
}

/** Starts it and waits until this many creates have arrived. */
async function begins(id: RestoreId, arrived: number, by?: UserId): Promise<RunId> {
  const runId = await acme.starts(id, by);
  await story.world.until(
    () => acme.sent(),
    (sent) => sent.length >= arrived,
  );
  return runId;
}

const ends = (runId: RunId) => story.world.ended(acme.tenant.id, runId, 60_000);
const resultsOf = async (id: RestoreId) => {
  const items = await acme.items(id);
  return items.map(({ result, result_code }) => `${result} ${result_code}`).sort();
};

test('cancelled: an answer under way is written down, and nothing more is sent', async () => {
  await works(PATIENT);
  const id = await previewed();
  await answersAfter(1_500);
  const runId = await begins(id, 8);
  await cancelRunForStory(story.world, acme.tenant.id, runId);
  const asked = (await acme.sent()).length;
  expect(await ends(runId)).toMatchObject({ outcome: 'cancelled' });
  expect(asked).toBe(8);
  expect(await acme.sent()).toHaveLength(8);
  const there = await made();
  expect(there).toHaveLength(8);
  const items = await acme.items(id);
  const written = items.filter(({ result_graph_id }) => result_graph_id !== null);
  expect(new Set(written.map((item) => item.result_graph_id))).toEqual(
    new Set(there.map((object) => object.id)),
  );
  expect(await resultsOf(id)).toEqual([
    ...Array.from({ length: 8 }, () => 'failed restore.interrupted'),
    ...Array.from({ length: 4 }, () => 'not_written restore.not_reached'),
  ]);
  expect(await acme.restore(id)).toMatchObject({ state: 'ended', outcome: 'cancelled' });
  const entries = (await acme.audit(id)).map(({ action }) => action);
  expect(entries.filter((action) => action === 'restore.object_written')).toHaveLength(8);
  expect(entries.filter((action) => action === 'restore.ended')).toHaveLength(1);

  // Never read back, and yet known: what is as it was sent can be taken back, and only that.
  await story.simulator.clearFaults();
  const [first] = there;
  const theirs = { description: 'theirs' };
  await story.simulator.editObject(acme.tenant.entra.id, FILTERS, first?.id ?? '', theirs);
  const taken = { deleteCreated: true };
  const undo = await acme.inTenant((tx) => undoRestore(tx, SYSTEM_ACTOR, id, taken));
  await acme.previews(undo);
  expect(await acme.restore(undo)).toMatchObject({ item_counts: { delete: 7, blocked: 1 } });
  expect(await acme.item(undo, first?.name ?? '')).toMatchObject({
    code: 'restore.changed_since_made',
  });
  expect(await acme.executes(undo)).toMatchObject({ outcome: 'succeeded' });
  expect((await made()).map((object) => object.id)).toEqual([first?.id]);
});

test('cancelled: an answer that does not come is unknown, and listed as that', async () => {
  await works(CALM);
  const id = await previewed();
  await answersAfter(4_000);
  const runId = await begins(id, 8);
  await cancelRunForStory(story.world, acme.tenant.id, runId);
  expect(await ends(runId)).toMatchObject({ outcome: 'cancelled' });
  expect(await resultsOf(id)).toEqual([
    ...Array.from({ length: 4 }, () => 'not_written restore.not_reached'),
    ...Array.from({ length: 8 }, () => 'unknown restore.interrupted'),
  ]);
  expect(await acme.restore(id)).toMatchObject({ result_counts: { unknown: 8, not_written: 4 } });
  expect(await acme.sent()).toHaveLength(8);
});

test('while it goes on no other begins, and at its end it does not begin again', async () => {
  await works(PATIENT);
  const id = await previewed();
  const other = await previewed();
  await answersAfter(1_500);
  const runId = await begins(id, 1);
  await expect(acme.starts(other)).rejects.toMatchObject({
    code: 'run.tenant_is_written',
    details: { runId },
  });
  await expect(acme.starts(id)).rejects.toMatchObject({ code: 'restore.already_executed' });
  expect(await ends(runId)).toMatchObject({ outcome: 'succeeded', items_succeeded: 12 });
  await expect(acme.starts(id)).rejects.toMatchObject({ code: 'restore.already_executed' });
  await expect(acme.confirms(id)).rejects.toMatchObject({ code: 'restore.already_executed' });
  await expect(acme.edits(id, { mapping: {} })).rejects.toMatchObject({
    code: 'restore.already_executed',
  });
});

test('a worker that is asked to stop writes its answers down: nothing is in doubt', async () => {
  await works(PATIENT);
  const id = await previewed();
  await answersAfter(1_500);
  const runId = await begins(id, 8);
  await worker.stop();
  expect((await acme.ledger(id)).filter(({ state }) => state === 'intent')).toEqual([]);
  worker = await story.world.worker(PATIENT);
  expect(await ends(runId)).toMatchObject({ outcome: 'succeeded', takeovers: 0 });
  expect(await made()).toHaveLength(12);
  for (const write of await acme.ledger(id)) {
    expect(write).toMatchObject({ attempt: 1, failures: 0, was_adopted: false });
  }
});

test('a right that is lost in the middle stops it at the next item', async () => {
  await works(PATIENT);
  const manager = await story.world.hasPerson(acme.tenant.id, 'manager');
  const id = await previewed();
  await answersAfter(1_500);
  const runId = await begins(id, 8, manager);
  await acme.inTenant((tx) => removeMember(tx, SYSTEM_ACTOR, manager));
  expect(await ends(runId)).toMatchObject({ outcome: 'cancelled', code: 'run.rights_missing' });
  expect(await acme.sent()).toHaveLength(8);
  const results = await resultsOf(id);
  expect(results.filter((result) => result === 'not_written restore.not_reached')).toHaveLength(4);
});

/** The issue says 60 s; what matters is that it is longer than the takeover, of 3 s here. */
test('a worker that stood still while another took over sends and writes nothing', async () => {
  await worker.stop();
  const environment = {
    ...story.world.workerEnvironment,
    STORY_DIES_AT: 'after_intent',
    STORY_DIES_BY: 'SIGSTOP',
  };
  const still = await spawnWorker(story.world, 'dying-worker.ts', environment);
  spawned.push(still);
  // It makes the preview, too: there is no other.
  const id = await previewed();
  const { id: tenantId } = acme.tenant;
  const runId = await acme.starts(id);
  await story.world.until(
    () => acme.ledger(id),
    (writes) => writes.some(({ state }) => state === 'intent'),
  );
  worker = await story.world.worker({ beatMs: 200, deadAfterMs: 3_000, leaseMs: 2_500 });
  expect(await ends(runId)).toMatchObject({ outcome: 'succeeded', takeovers: 1 });
  expect(await made()).toHaveLength(12);
  const records = async () => ({
    ledger: await acme.ledger(id),
    items: await story.world.items(tenantId, runId),
    restore: await acme.items(id),
    sent: await acme.sent(),
  });
  const before = await records();
  still.kill('SIGCONT');
  expect(await still.exited).toBe(75);
  expect(await records()).toEqual(before);
  expect(await made()).toHaveLength(12);
});

test('a worker whose beats do not come through sends nothing more', async () => {
  await works({ ...PATIENT, beatMs: 100, leaseMs: 500 });
  const id = await previewed();
  const died = once(story.world.died, 'died');
  await withOwner(story.world.database.adminUrl, async (locks) => {
    await locks.query('begin');
    await locks.query('select 1 from workers for no key update');
    // Longer than the lease.
    await once(AbortSignal.timeout(800), 'abort');
    const runId = await acme.starts(id);
    await died;
    expect(await acme.sent()).toEqual([]);
    expect(await story.world.run(acme.tenant.id, runId)).toMatchObject({ takeovers: 0 });
    await locks.query('rollback');
    await works(PATIENT);
    expect(await ends(runId)).toMatchObject({ outcome: 'succeeded' });
  });
  expect(await made()).toHaveLength(12);
});
