import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RestoreId, RunId } from '../src/kernel/ids.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { objectsNamed } from './setup/simulated-objects.ts';
import type { FaultRule } from './setup/simulator.ts';
import { spawnWorker } from './setup/worker-process.ts';
import { CALM } from './setup/worker-settings.ts';

/**
 * The answer to a create never comes, and what then turns up does not tell by itself whose it is.
 */
let story: RestoreWorld;
let acme: RestoreVerbs;
let entra: string;

beforeAll(async () => {
  // An answer that does not come within three seconds is taken for lost.
  story = await setupRestores({ tenants: 1, graph: { http: { timeoutMs: 3_000 } } });
  ({ acme } = story);
  entra = acme.tenant.entra.id;
});
beforeEach(async () => {
  await story.simulator.clearFaults();
  await story.simulator.clearLog();
});
afterAll(() => story.world.close());

const FILTERS = 'assignmentFilters';
const CREATES = { method: 'POST', path: `${FILTERS}$` };
const bodyOf = (displayName: string) => ({
  displayName,
  description: 'as it was saved',
  platform: 'iOS',
  rule: '(device.model -startsWith "iPad")',
});
const adds = async (body: Record<string, unknown>): Promise<string> => {
  const id = crypto.randomUUID();
  await story.simulator.addObject(entra, FILTERS, id, body);
  return id;
};

/** A preview that makes one filter for each body. */
async function previewOfDeleted(name: string, bodies = [bodyOf(name)]) {
  const ids: string[] = [];
  for (const body of bodies) ids.push(await adds(body));
  const backup = await acme.backsUp();
  for (const id of ids) await story.simulator.removeObject(entra, FILTERS, id);
  return acme.previewsBackup(backup, { selection: { nameContains: name } });
}

/** The create that comes next: answered so late that something may happen meanwhile. */
async function loses(fault: FaultRule['fault']) {
  const slow = { kind: 'delay', ms: 1_200 };
  await story.simulator.befall({ match: CREATES, fault: slow }, { match: CREATES, fault });
}

/** Starts it and gives the run once the create is under way. */
async function begins(id: RestoreId): Promise<RunId> {
  await acme.confirms(id);
  const runId = await acme.starts(id);
  await acme.world.until(
    () => acme.sent(),
    (sent) => sent.some(({ path }) => path.endsWith(FILTERS)),
  );
  return runId;
}

const ends = (runId: RunId) => acme.world.ended(acme.tenant.id, runId, 30_000);

test('two of the name and content: a person decides, and nothing more is sent', async () => {
  const name = 'Twins';
  const filter = await adds(bodyOf(name));
  const policy = crypto.randomUUID();
  const target = {
    '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget',
    deviceAndAppManagementAssignmentFilterId: filter,
    deviceAndAppManagementAssignmentFilterType: 'include',
  };
  await story.simulator.addObject(entra, 'deviceConfigurations', policy, {
    displayName: 'Twins: it needs the filter',
    '@odata.type': '#microsoft.graph.iosGeneralDeviceConfiguration',
    assignments: [{ id: `${policy}_0`, target }],
  });
  const backup = await acme.backsUp();
  await story.simulator.removeObject(entra, FILTERS, filter);
  await story.simulator.removeObject(entra, 'deviceConfigurations', policy);
  const id = await acme.previewsBackup(backup, { selection: { nameContains: name } });
  await loses({ kind: 'executedThenReset' });
  const runId = await begins(id);
  await adds(bodyOf(name));
  expect(await ends(runId)).toMatchObject({
    outcome: 'failed',
    items_unknown: 1,
    items_failed: 1,
  });
  const twins = (await objectsNamed(acme, FILTERS, name)).map((twin) => twin.id);
  expect(twins).toHaveLength(2);
  const item = await acme.item(id, name);
  expect(item).toMatchObject({ result: 'unknown', result_code: 'restore.decision_needed' });
  expect(item.result_graph_id).toBeNull();
  expect(item.result_candidates).toHaveLength(2);
  expect(item.result_candidates).toEqual(expect.arrayContaining(twins));
  expect(await acme.item(id, 'Twins: it needs the filter')).toMatchObject({
    result: 'not_written',
    result_code: 'restore.dependency_failed',
  });
  expect((await acme.ledger(id)).filter(({ is_create }) => is_create)).toContainEqual(
    expect.objectContaining({ state: 'unknown', attempt: 1, graph_id: null }),
  );
  expect(await acme.sent()).toHaveLength(1);
  expect(await acme.restore(id)).toMatchObject({
    state: 'ended',
    result_counts: { unknown: 1, not_written: 1 },
  });
});

test('it shows in the items and in the run while the others are still at work', async () => {
  const name = 'Shown';
  const filter = await adds(bodyOf(name));
  const location = crypto.randomUUID();
  await story.simulator.addObject(entra, 'namedLocations', location, {
    '@odata.type': '#microsoft.graph.countryNamedLocation',
    displayName: 'Shown beside it',
    countriesAndRegions: ['CH'],
  });
  const backup = await acme.backsUp();
  await story.simulator.removeObject(entra, FILTERS, filter);
  await story.simulator.removeObject(entra, 'namedLocations', location);
  const id = await acme.previewsBackup(backup, { selection: { nameContains: name } });
  await loses({ kind: 'executedThenReset' });
  // Graph asks the other one to wait.
  const match = { method: 'POST', path: 'namedLocations$' };
  await story.simulator.befall({ match, fault: { kind: 'throttle', retryAfter: 6 } });
  const runId = await begins(id);
  await adds(bodyOf(name));
  await acme.world.until(
    () => acme.ledger(id),
    (writes) => writes.some(({ state }) => state === 'unknown'),
  );
  const run = await acme.world.until(
    () => acme.world.run(acme.tenant.id, runId),
    ({ items_unknown }) => items_unknown === 1,
    5_000,
  );
  expect(run.phase).not.toBe('ended');
  expect(await acme.item(id, name)).toMatchObject({ result: 'unknown' });
  expect(await ends(runId)).toMatchObject({ outcome: 'partial', items_unknown: 1 });
});

test('one of the name with other content: asked after, once no other can turn up', async () => {
  const name = 'Namesake';
  const id = await previewOfDeleted(name);
  await loses({ kind: 'reset' });
  const runId = await begins(id);
  const other = await adds({ ...bodyOf(name), rule: '(device.model -startsWith "Mac")' });
  expect(await ends(runId)).toMatchObject({ outcome: 'failed', items_unknown: 1 });
  expect(await acme.item(id, name)).toMatchObject({
    result: 'unknown',
    result_candidates: [other],
  });
  expect(await acme.sent()).toHaveLength(1);
});

test('one that is ours beside one that is not: ours is taken', async () => {
  const name = 'Beside';
  const id = await previewOfDeleted(name);
  await loses({ kind: 'executedThenReset' });
  const runId = await begins(id);
  const other = await adds({ ...bodyOf(name), rule: '(device.model -startsWith "Mac")' });
  expect(await ends(runId)).toMatchObject({ outcome: 'succeeded' });
  const { result_graph_id: ours } = await acme.item(id, name);
  expect(ours).not.toBe(other);
  expect((await objectsNamed(acme, FILTERS, name)).map((one) => one.id)).toContain(ours);
});

test('two items of one name and content, both answers lost: an object for each', async () => {
  const name = 'Same name';
  const id = await previewOfDeleted(name, [bodyOf(name), bodyOf(name)]);
  await story.simulator.befall({ match: CREATES, times: 2, fault: { kind: 'executedThenReset' } });
  const runId = await begins(id);
  expect(await ends(runId)).toMatchObject({ outcome: 'succeeded', items_succeeded: 2 });
  const made = (await objectsNamed(acme, FILTERS, name)).map((one) => one.id);
  const items = await acme.items(id);
  expect(made).toHaveLength(2);
  expect(new Set(items.map((item) => item.result_graph_id))).toEqual(new Set(made));
  expect((await acme.ledger(id)).every((write) => write.was_adopted)).toBe(true);
  expect(await acme.sent()).toHaveLength(2);
});

test('what is never answered is looked for, and sent again when nothing is found', async () => {
  const name = 'Silence';
  const id = await previewOfDeleted(name);
  await story.simulator.befall({ match: CREATES, fault: { kind: 'hang' } });
  const runId = await begins(id);
  expect(await ends(runId)).toMatchObject({ outcome: 'succeeded' });
  expect(await objectsNamed(acme, FILTERS, name)).toHaveLength(1);
  expect(await acme.ledger(id)).toMatchObject([{ attempt: 2, failures: 1, was_adopted: false }]);
  expect(await acme.sent()).toHaveLength(2);
});

test('the candidates are told also when the worker died before it could tell', async () => {
  const name = 'Told later';
  const id = await previewOfDeleted(name);
  await loses({ kind: 'executedThenReset' });
  await story.worker.stop();
  const environment = { ...story.world.workerEnvironment, STORY_DIES_AT: 'before_settle' };
  const worker = await spawnWorker(story.world, 'dying-worker.ts', environment);
  const runId = await begins(id);
  await adds(bodyOf(name));
  expect(await worker.exited).toBeNull();
  await story.world.worker(CALM);
  expect(await ends(runId)).toMatchObject({ items_unknown: 1 });
  const item = await acme.item(id, name);
  expect(item).toMatchObject({ result: 'unknown', result_code: 'restore.decision_needed' });
  const twins = (await objectsNamed(acme, FILTERS, name)).map((twin) => twin.id);
  expect(item.result_candidates).toEqual(expect.arrayContaining(twins));
});
