import { afterEach, expect, test } from 'vitest';
import { DOCUMENTED_LIMITS, type GraphLimits, TIGHT_LIMITS } from '../src/graph/budget/limits.ts';
import { graphHosts } from '../src/graph/clouds.ts';
import { createGraph } from '../src/graph/create-graph.ts';
import type { GraphReader } from '../src/graph/port.ts';
import { systemClock } from '../src/kernel/clock.ts';
import {
  connectionTo,
  firstTenant,
  type SimulatorProcess,
  startSimulatorProcess,
} from './setup/simulator.ts';

const NEVER = new AbortController().signal;
const closings: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closings.splice(0).toReversed()) await close();
});

test('tight limits, known: no call is refused, at more than 90 % of what is allowed', async () => {
  const { reader, simulator, ids } = await open('tight', TIGHT_LIMITS);
  const startedAt = performance.now();
  await readAll(reader, ids);
  const seconds = (performance.now() - startedAt) / 1000;
  const { throttled, calls } = await simulator.stats(firstTenant(simulator).id);
  expect(throttled).toBe(0);
  const floorSeconds = (calls - 50) / 20;
  expect(seconds).toBeLessThan(floorSeconds / 0.9 + 1);
});

test('tight limits, unknown: refusals teach the rate, and everything is read', async () => {
  const { reader, simulator, ids } = await open('tight', []);
  await readAll(reader, ids);
  const { throttled, early } = await simulator.stats(firstTenant(simulator).id);
  expect(throttled).toBeGreaterThan(0);
  expect(early).toBe(0);
});

test('Conditional Access is asked once a second, and never refused', async () => {
  const { reader, simulator } = await open('documented', DOCUMENTED_LIMITS);
  const { id } = firstTenant(simulator);
  const policies = await simulator.objects(id, 'conditionalAccessPolicies');
  const chosen = policies.slice(0, 4).map((policy) => policy.id);
  const startedAt = performance.now();
  await Promise.all(
    chosen.map((graphId) => reader.read('conditionalAccessPolicy', graphId, NEVER)),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  expect(seconds).toBeGreaterThan(3);
  expect(seconds).toBeLessThan(3 / 0.9 + 1);
  expect((await simulator.stats(id)).throttled).toBe(0);
});

async function open(profile: 'tight' | 'documented', limits: GraphLimits) {
  const simulator: SimulatorProcess = await startSimulatorProcess({
    policies: 30,
    limits: profile,
    latencyMs: 20,
  });
  const graph = createGraph({ clock: systemClock, hosts: graphHosts(simulator.url), limits });
  closings.push(
    () => simulator.close(),
    () => graph.close(),
  );
  const tenant = firstTenant(simulator);
  const stored = await simulator.objects(tenant.id, 'configurationPolicies');
  const reader = graph.readerFor(connectionTo(tenant));
  return { simulator, reader, ids: stored.map(({ id }) => id) };
}

/** All at once, so that only the budget holds them back. */
async function readAll(reader: GraphReader, ids: readonly string[]): Promise<void> {
  const documents = await Promise.all(
    ids.map((id) => reader.read('configurationPolicy', id, NEVER)),
  );
  expect(new Set(documents.map(({ graphId }) => graphId)).size).toBe(ids.length);
}
