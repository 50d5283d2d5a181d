import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { countingRun } from './setup/counting-run.ts';
import { createQueueWorld, type QueueWorld } from './setup/queue-fixture.ts';
import { spawnWorker, type WorkerProcess } from './setup/worker-process.ts';

let world: QueueWorld;
let workers: WorkerProcess[] = [];

beforeAll(async () => {
  world = await createQueueWorld([countingRun]);
});
afterEach(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await Promise.all(workers.map((worker) => worker.exited));
  workers = [];
});
afterAll(() => world.close());

async function hasWorkers(count: number): Promise<WorkerProcess[]> {
  workers = await Promise.all(Array.from({ length: count }, () => spawnWorker(world)));
  return workers;
}

/** The worker of the run that is being worked; the run is somewhere in its middle. */
async function inTheMiddle(
  tenant: Parameters<QueueWorld['run']>[0],
  id: Parameters<QueueWorld['run']>[1],
) {
  return world.until(
    () => world.run(tenant, id),
    (run) => run.phase === 'running' && run.items_succeeded > 40,
  );
}

/** Which of our processes holds the run: the engine's connections carry the process's lock name. */
async function killHolder(signal: NodeJS.Signals, runId: string): Promise<void> {
  // A worker that holds the run stops beating when it is the one we stopped: try one, look, go on.
  const { rows } = await world.asAdmin(
    'select w.id, w.beat_at from runs r join workers w on w.id = r.worker_id where r.id = $1',
    [runId],
  );
  for (const worker of workers) {
    worker.kill('SIGSTOP');
    const silent = await isSilent(rows[0]?.id);
    if (silent) {
      if (signal === 'SIGKILL') worker.kill('SIGKILL');
      return;
    }
    worker.kill('SIGCONT');
  }
  throw new Error('no process of ours holds the run');
}

async function isSilent(workerId: string): Promise<boolean> {
  const beatOf = async () => {
    const { rows } = await world.asAdmin('select beat_at from workers where id = $1', [workerId]);
    return String(rows[0]?.beat_at?.getTime());
  };
  const before = await beatOf();
  const later = AbortSignal.timeout(250);
  await once(later, 'abort');
  return (await beatOf()) === before;
}

test('a worker killed in the middle is replaced: no item twice, none missing', async () => {
  const tenant = await world.hasTenant();
  const person = await world.hasPerson(tenant);
  await hasWorkers(2);
  const input = { name: 'kill', count: 1_500, itemMs: 8 };
  const { id } = await world.starts(tenant, person, countingRun, input);
  await inTheMiddle(tenant, id);
  await killHolder('SIGKILL', id);
  const run = await world.ended(tenant, id, 40_000);
  expect(run).toMatchObject({ outcome: 'succeeded', items_total: 1_501, items_succeeded: 1_501 });
  expect(run.takeovers).toBe(1);
  const items = await world.items(tenant, id);
  expect(items.every((item) => item.outcome === 'succeeded')).toBe(true);
  expect(new Set(items.map((item) => item.subject_id)).size).toBe(1_501);
});

test('a worker that was stopped and wakes up again writes nothing and exits with 75', async () => {
  const tenant = await world.hasTenant();
  const person = await world.hasPerson(tenant);
  await hasWorkers(2);
  const input = { name: 'stop', count: 1_500, itemMs: 8 };
  const { id } = await world.starts(tenant, person, countingRun, input);
  const before = await inTheMiddle(tenant, id);
  await killHolder('SIGSTOP', id);
  await world.until(
    () => world.run(tenant, id),
    (run) => run.fence > before.fence && run.phase === 'running',
  );
  for (const worker of workers) worker.kill('SIGCONT');
  const run = await world.ended(tenant, id, 40_000);
  expect(run).toMatchObject({ outcome: 'succeeded', items_succeeded: 1_501, takeovers: 1 });
  const codes = await Promise.race(workers.map((worker) => worker.exited));
  expect(codes).toBe(75);
});

test('an item that kills its worker fails after three crashes, the rest goes on', async () => {
  const tenant = await world.hasTenant();
  const person = await world.hasPerson(tenant);
  const keepReplacing = async (): Promise<void> => {
    const next = await spawnWorker(world, 'counting-worker.ts', { STORY_DIES_AT: '666' });
    workers.push(next);
    if ((await next.exited) === null && workers.length < 8) await keepReplacing();
  };
  const replacing = keepReplacing();
  const input = { name: 'poison', count: 700, itemMs: 0 };
  const { id } = await world.starts(tenant, person, countingRun, input);
  const run = await world.ended(tenant, id, 50_000);
  expect(run).toMatchObject({ outcome: 'partial', items_failed: 1, items_succeeded: 700 });
  const items = await world.items(tenant, id);
  expect(items.find((item) => item.outcome === 'failed')).toMatchObject({
    subject_id: '666',
    code: 'item.crashed',
    details: { crashes: 3 },
  });
  workers.at(-1)?.kill('SIGTERM');
  await replacing;
});

test('a worker told to stop gives its run back at once, and nobody is declared dead', async () => {
  const tenant = await world.hasTenant();
  const person = await world.hasPerson(tenant);
  const [first] = await hasWorkers(1);
  const input = { name: 'graceful', count: 600, itemMs: 8 };
  const { id } = await world.starts(tenant, person, countingRun, input);
  await inTheMiddle(tenant, id);
  first?.kill('SIGTERM');
  expect(await first?.exited).toBe(0);
  expect((await world.run(tenant, id)).phase).toBe('queued');
  await hasWorkers(1);
  const run = await world.ended(tenant, id, 40_000);
  expect(run).toMatchObject({ outcome: 'succeeded', items_succeeded: 601, takeovers: 0 });
});
