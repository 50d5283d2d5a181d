import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { graphHosts } from '../src/graph/clouds.ts';
import { createGraph, type Graph } from '../src/graph/create-graph.ts';
import type { GraphWriter } from '../src/graph/port.ts';
import { planGroup } from '../src/graph/writing/new-groups.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { performStep } from './setup/perform-steps.ts';
import {
  connectionTo,
  firstTenant,
  type SimulatorProcess,
  startSimulatorProcess,
} from './setup/simulator.ts';

const NEVER = new AbortController().signal;
let simulator: SimulatorProcess;
let graph: Graph;
let writer: GraphWriter;

beforeAll(async () => {
  simulator = await startSimulatorProcess({ limits: 'documented', tenants: 1 });
  graph = createGraph({ clock: systemClock, hosts: graphHosts(simulator.url) });
  writer = graph.writerFor(connectionTo(firstTenant(simulator)));
});
afterAll(async () => {
  await graph.close();
  await simulator.close();
});

test('a group is made empty, though no contract says so, and nothing else there', async () => {
  const step = planGroup({ sourceId: randomUUID(), name: "Ada's group", description: '' });
  const made = await performStep(writer, step);
  expect(made).toMatchObject({ kind: 'applied', body: { displayName: "Ada's group" } });
  const path = '/groups/{id}';
  for (const other of [
    { ...step, path },
    { ...step, isCreate: false, path },
  ]) {
    const attempt = performStep(writer, other, 'an-id');
    await expect(attempt).rejects.toMatchObject({ code: 'graph.write_refused' });
  }
  const { writes } = await simulator.stats(firstTenant(simulator).id);
  expect(writes).toBe(1);
});

test('groups are found by their name, whatever its case, and a quote in it is no end', async () => {
  const found = await writer.groupsNamed("ADA'S GROUP", NEVER);
  expect(found).toMatchObject([{ name: "Ada's group", kind: 'security', description: null }]);
  expect(await writer.groupsNamed("' or displayName ne '", NEVER)).toEqual([]);
});

test('what needs a second person is told by the policies, in either of their places', async () => {
  expect(await writer.approvalPolicies(NEVER)).toEqual(new Set());
  const { id } = firstTenant(simulator);
  const add = (body: object) =>
    simulator.addObject(id, 'operationApprovalPolicies', randomUUID(), { ...body });
  await add({ displayName: 'Older', policyType: 'script' });
  const policySet = { policyType: 'compliancePolicy', policyPlatform: 'notApplicable' };
  await add({ displayName: 'Newer', policySet });
  const covered = await writer.approvalPolicies(NEVER);
  expect(covered).toEqual(new Set(['script', 'compliancePolicy']));
});
