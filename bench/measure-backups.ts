import type { RunId, TenantId } from '../src/kernel/ids.ts';
import type { SimulatedTenant, SimulatorProcess } from '../tests/setup/simulator.ts';
import { type ApiConnection, connectToApi } from './api-connection.ts';
import { type CallList, callListOf, countRefusals, readCalls } from './call-list.ts';
import type { MainFigures } from './figures.ts';
import { replay } from './replay.ts';
import { awaitEnd, type RunTimes } from './run-times.ts';
import { openBareGraph } from './senders.ts';
import { readPeakMb } from './worker-memory.ts';
import type { BenchWorld } from './world.ts';

type BackupFigures = Pick<
  MainFigures,
  | 'backupSeconds'
  | 'backupColdSeconds'
  | 'floorSeconds'
  | 'sequentialSeconds'
  | 'backupTightSeconds'
  | 'floorTightSeconds'
  | 'throttledInFirstSecond'
  | 'throttledAfterFirstSecond'
  | 'unchangedBackupSeconds'
  | 'unchangedBackupBodies'
  | 'workerRssMb'
>;

/** As in design section 10. */
const GRAPH = { tenants: 1, policies: 300, latencyMs: 80 } as const;
/** Backups and floors take turns, each of a tenant of its own; the quickest of each counts. */
const ROUNDS = 3;
/** Every benchmarked tenant holds as many policies, and some of other types that the seed adds. */
const ITEMS_MIN = GRAPH.policies;

/** Backups of 300 policies against the same calls made by nothing but undici. */
export async function measureBackups(
  world: BenchWorld,
  tell: (text: string) => void,
): Promise<BackupFigures> {
  const unlimited = await world.startSimulator({ ...GRAPH, limits: 'none' });
  const tight = await world.startSimulator({ ...GRAPH, limits: 'tight' });
  const api = connectToApi(world);
  try {
    tell('backups of 300 policies and their floor');
    const { calls, ...without } = await measureWithoutLimits(world, api, unlimited);
    tell('a sequential client, and the floor under tight limits');
    // One waits for answers and the other for leave, so they do not disturb each other; and the
    // longer one gives the tight limits time to forget the floor before the backup comes.
    const [sequentialSeconds, floorTightSeconds] = await Promise.all([
      timeReplay(unlimited, calls, 'oneByOne'),
      timeReplay(tight, calls, 'paced'),
    ]);
    tell('a backup under tight limits');
    const under = await measureUnderTightLimits(world, api, tight);
    return { ...without, sequentialSeconds, floorTightSeconds, ...under };
  } finally {
    await api.close();
  }
}

async function measureWithoutLimits(
  world: BenchWorld,
  api: ApiConnection,
  simulator: SimulatorProcess,
) {
  const entra = tenantOf(simulator);
  const worker = await world.startWorker(simulator, 'none');
  const cold = await backUp(world, api, await world.addTenant('First', entra));
  const calls = callListOf(await readCalls(simulator));
  const backups: number[] = [];
  const floors: number[] = [];
  let tenantId: TenantId | undefined;
  for (let round = 1; round <= ROUNDS; round += 1) {
    floors.push(await timeReplay(simulator, calls, 'batched'));
    tenantId = await world.addTenant(`Round ${round}`, entra);
    backups.push((await backUp(world, api, tenantId)).seconds);
  }
  if (tenantId === undefined) throw new Error('nothing was backed up');
  const bodiesBefore = await countBodies(world);
  const unchanged = await backUp(world, api, tenantId);
  const figures = {
    calls,
    backupSeconds: Math.min(...backups),
    backupColdSeconds: cold.seconds,
    floorSeconds: Math.min(...floors),
    unchangedBackupSeconds: unchanged.seconds,
    unchangedBackupBodies: (await countBodies(world)) - bodiesBefore,
    workerRssMb: await readPeakMb(worker.pid),
  };
  await worker.close();
  return figures;
}

async function measureUnderTightLimits(
  world: BenchWorld,
  api: ApiConnection,
  simulator: SimulatorProcess,
) {
  const worker = await world.startWorker(simulator, 'tight');
  const tenantId = await world.addTenant('Tight', tenantOf(simulator));
  await simulator.clearLog();
  const { seconds } = await backUp(world, api, tenantId);
  const refused = countRefusals(await readCalls(simulator));
  await worker.close();
  return {
    backupTightSeconds: seconds,
    throttledInFirstSecond: refused.first,
    throttledAfterFirstSecond: refused.later,
  };
}

async function backUp(
  world: BenchWorld,
  api: ApiConnection,
  tenantId: TenantId,
): Promise<RunTimes> {
  const input = { selection: { kind: 'all' } };
  const runId: RunId = await api.start(tenantId, 'backup.create', input);
  const run = await awaitEnd(world, runId);
  if (run.outcome !== 'succeeded' || run.items < ITEMS_MIN) {
    throw new Error(`the backup ended ${run.outcome} with ${run.items} items`);
  }
  return run;
}

async function timeReplay(
  simulator: SimulatorProcess,
  calls: CallList,
  how: 'batched' | 'oneByOne' | 'paced',
): Promise<number> {
  const graph = openBareGraph(simulator.url, tenantOf(simulator));
  try {
    return (await replay(calls, graph[how])).seconds;
  } finally {
    await graph.close();
  }
}

function tenantOf(simulator: SimulatorProcess): SimulatedTenant {
  const [entra] = simulator.tenants;
  if (entra === undefined) throw new Error('the simulator has no tenant');
  return entra;
}

async function countBodies(world: BenchWorld): Promise<number> {
  const { rows } = await world.admin.query<{ bodies: number }>(
    'select count(*)::integer as bodies from snapshots',
  );
  return rows[0]?.bodies ?? 0;
}
