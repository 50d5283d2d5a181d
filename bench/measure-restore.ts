import { ApiClient } from '../src/cli/client/api-client.ts';
import type { SimulatedTenant, SimulatorProcess } from '../tests/setup/simulator.ts';
import { connectToApi } from './api-connection.ts';
import { countRefusals, type LoggedEntry, readCalls } from './call-list.ts';
import { backUp, confirmRestoreOf } from './prepare-restore.ts';
import { replayRestore } from './replay-restore.ts';
import { type RestoreCalls, readWrites, restoreCallsOf } from './restore-calls.ts';
import type { RestoreFigures } from './restore-figures.ts';
import { awaitEnd } from './run-times.ts';
import { openBareGraph } from './senders.ts';
import { readPeakMb } from './worker-memory.ts';
import type { BenchWorld } from './world.ts';
import { writeTimes, writeUse } from './write-use.ts';

const ITEMS = 300;
/**
 * Settings catalog policies alone: a POST and an assign each, 600 writes that all fall under the
 * one limit of their bucket. Other types beside them would write under limits of their own.
 */
const COLLECTION = 'configurationPolicies';
/** The seed assigns seven policies in eight; these are enough to find the wanted ones among. */
const GRAPH = { tenants: 1, policies: 360, latencyMs: 80, limits: 'documented' } as const;
const TENANT = 'Restored';

/** Restores 300 policies that are gone, with assignments, under the documented limits. */
export async function measureRestore(
  world: BenchWorld,
  tell: (text: string) => void,
): Promise<RestoreFigures> {
  const simulator = await world.startSimulator(GRAPH);
  const entra = tenantOf(simulator);
  const worker = await world.startWorker(simulator, 'documented');
  const api = new ApiClient({ url: world.url, token: world.token });
  const tenant = { api, id: await world.addTenant(TENANT, entra), name: TENANT };
  tell('a backup, and the loss of 300 policies');
  const names = await chooseNames(simulator);
  const items = (await backUp(tenant)).filter(({ name }) => names.has(name));
  await removeAll(simulator, names);
  const restore = await confirmRestoreOf(tenant, items);

  tell('their restore');
  await simulator.clearLog();
  const starter = connectToApi(world);
  const runId = await starter.start(tenant.id, 'restore.execute', { restoreId: restore.id });
  const run = await awaitEnd(world, runId);
  await starter.close();
  if (run.outcome !== 'succeeded' || run.items !== ITEMS) {
    throw new Error(`the restore ended ${run.outcome} with ${run.items} items`);
  }
  const workerRssMb = await readPeakMb(worker.pid);
  const calls = await readCalls(simulator);
  await worker.close();
  await simulator.close();

  tell('its floor');
  const floor = restoreCallsOf(calls, await readWrites(world, restore.id));
  const floorSeconds = await timeFloor(world, floor, names);
  const { seconds } = run;
  return {
    ...figuresOf(calls),
    seconds,
    floorSeconds,
    ratioToFloor: seconds / floorSeconds,
    workerRssMb,
  };
}

function figuresOf(calls: readonly LoggedEntry[]) {
  const times = writeTimes(calls);
  const refused = countRefusals(calls);
  return {
    items: ITEMS,
    writes: times.length,
    writeBudgetUse: writeUse(times),
    throttledInFirstSecond: refused.first,
    throttledSteady: refused.later,
    graphCalls: calls.length,
  };
}

/** The same loss in another simulator of the same seed, made good by undici alone. */
async function timeFloor(
  world: BenchWorld,
  calls: RestoreCalls,
  names: ReadonlySet<string>,
): Promise<number> {
  const simulator = await world.startSimulator(GRAPH);
  await removeAll(simulator, names);
  const entra = tenantOf(simulator);
  const { writeClientId: clientId, writeClientSecret: clientSecret } = entra;
  const graph = openBareGraph(simulator.url, { ...entra, clientId, clientSecret });
  try {
    return (await replayRestore(calls, graph.windowed)).seconds;
  } finally {
    await graph.close();
    await simulator.close();
  }
}

/** Policies with assignments; nobody else bears their names. */
async function chooseNames(simulator: SimulatorProcess): Promise<ReadonlySet<string>> {
  const objects = await simulator.objects(tenantOf(simulator).id, COLLECTION);
  const assigned = objects.filter(({ name, object }) => {
    const { assignments } = object;
    return name.startsWith('Bulk ') && Array.isArray(assignments) && assignments.length > 0;
  });
  const names = new Set(assigned.slice(0, ITEMS).map(({ name }) => name));
  if (names.size < ITEMS) throw new Error(`only ${names.size} policies are assigned`);
  return names;
}

async function removeAll(simulator: SimulatorProcess, names: ReadonlySet<string>): Promise<void> {
  const { id } = tenantOf(simulator);
  for (const object of await simulator.objects(id, COLLECTION)) {
    if (names.has(object.name)) await simulator.removeObject(id, COLLECTION, object.id);
  }
}

function tenantOf(simulator: SimulatorProcess): SimulatedTenant {
  const [entra] = simulator.tenants;
  if (entra === undefined) throw new Error('the simulator has no tenant');
  return entra;
}
