import type { PolicyId, TenantId } from '../src/kernel/ids.ts';
import type { SimulatorProcess } from '../tests/setup/simulator.ts';
import { connectToApi } from './api-connection.ts';
import { timeCommitToStart } from './commit-to-start.ts';
import { countStartRoundTrips } from './count-round-trips.ts';
import type { MainFigures } from './figures.ts';
import { percentile } from './percentile.ts';
import { awaitEnd, awaitIdle } from './run-times.ts';
import { type StartTimes, timeStarts, timeStartsAndRawInserts } from './starts.ts';
import { readPeakMb } from './worker-memory.ts';
import { type BenchWorld, knowPolicies } from './world.ts';

type StartFigures = Pick<
  MainFigures,
  | 'startP50Ms'
  | 'startP95Ms'
  | 'startP99Ms'
  | 'startP95WithWorkerMs'
  | 'startP95UnderLoadMs'
  | 'startPerSecond'
  | 'rawInsertPerSecond'
  | 'startRoundTrips'
  | 'commitToStartP50Ms'
  | 'commitToStartP95Ms'
  | 'workerRss10kMb'
  | 'itemsPerSecond'
>;

/** As in design section 10. */
const STARTS = 500;
/** A server that has just come up compiles its code meanwhile. */
const WARM_UP = 250;
const WITH_WORKER = 200;
const SINGLE_STARTS = 100;
/** The quieter one counts. */
const ROUNDS = 2;

/**
 * Starts of captures: with nothing else going on, with a worker that works them, and while that
 * worker backs up another tenant of 10,000 policies; and how soon a single start is worked.
 */
export async function measureStarts(
  world: BenchWorld,
  simulator: SimulatorProcess,
  tell: (text: string) => void,
): Promise<StartFigures> {
  const [entra] = simulator.tenants;
  if (entra === undefined) throw new Error('the simulator has no tenant');
  const tenantId = await world.addTenant('Captures', entra);
  const take = await knowTheirPolicies(world, simulator, tenantId);
  const start = (count: number) => timeStarts(world, tenantId, take(count));

  tell('starts, nothing else going on');
  await start(WARM_UP);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push(await timeStartsAndRawInserts(world, tenantId, take(STARTS)));
  }
  const { starts, rawInserts } = quietest(rounds);
  const [counted] = take(1);
  if (counted === undefined) throw new Error('too few policies');
  const startRoundTrips = await countStartRoundTrips(world, tenantId, counted);

  tell('starts, with a worker that works them');
  await cancelQueued(world, tenantId);
  const worker = await world.startWorker(simulator, 'none');
  await awaitIdle(world, tenantId);
  const withWorker = await start(WITH_WORKER);
  await awaitIdle(world, tenantId);
  const delays = await timeCommitToStart(world, tenantId, take(SINGLE_STARTS));

  tell('starts while a backup of 10,000 policies runs');
  const large = await world.addTenant('Large', entra);
  const api = connectToApi(world);
  const backup = awaitEnd(
    world,
    await api.start(large, 'backup.create', { selection: { kind: 'all' } }),
  );
  const underLoad = await start(STARTS);
  const { items, seconds } = await backup;
  await api.close();
  await cancelQueued(world, tenantId);
  await awaitIdle(world, tenantId);
  const workerRss10kMb = await readPeakMb(worker.pid);
  await worker.close();
  return {
    startP50Ms: percentile(starts.eachMs, 0.5),
    startP95Ms: percentile(starts.eachMs, 0.95),
    startP99Ms: percentile(starts.eachMs, 0.99),
    startP95WithWorkerMs: percentile(withWorker.eachMs, 0.95),
    startP95UnderLoadMs: percentile(underLoad.eachMs, 0.95),
    startPerSecond: starts.perSecond,
    rawInsertPerSecond: rawInserts.perSecond,
    startRoundTrips,
    commitToStartP50Ms: percentile(delays, 0.5),
    commitToStartP95Ms: percentile(delays, 0.95),
    workerRss10kMb,
    itemsPerSecond: items / seconds,
  };
}

/** Policies that no capture was started of yet; each start is a new run. */
async function knowTheirPolicies(
  world: BenchWorld,
  simulator: SimulatorProcess,
  tenantId: TenantId,
): Promise<(count: number) => PolicyId[]> {
  const entraId = simulator.tenants[0]?.id ?? '';
  const objects = await simulator.objects(entraId, 'configurationPolicies');
  const needed = WARM_UP + ROUNDS * STARTS + 1 + WITH_WORKER + SINGLE_STARTS + STARTS;
  const graphIds = objects.slice(0, needed).map(({ id }) => id);
  const unused = await knowPolicies(world, tenantId, graphIds);
  return (count) => unused.splice(0, count);
}

/** To work them all would take longer than what is measured, or go on beside what comes next. */
async function cancelQueued(world: BenchWorld, tenantId: TenantId): Promise<void> {
  await world.admin.query(`select set_config('app.tenant_id', $1, false)`, [tenantId]);
  await world.admin.query(
    `select cancel_run(id) from runs where tenant_id = $1 and phase = 'queued'`,
    [tenantId],
  );
}

/** The round in which the machine did least else, by what is not ours. */
function quietest<Round extends { rawInserts: StartTimes }>(rounds: readonly Round[]): Round {
  const [best] = rounds.toSorted(
    (one, other) => other.rawInserts.perSecond - one.rawInserts.perSecond,
  );
  if (best === undefined) throw new Error('nothing was measured');
  return best;
}
