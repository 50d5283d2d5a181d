import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { graphHosts } from '../src/graph/clouds.ts';
import { CONTRACTS, type PolicyType } from '../src/graph/contracts/list.ts';
import { createGraph, type Graph } from '../src/graph/create-graph.ts';
import type { PolicyDocument } from '../src/graph/policy-document.ts';
import type { GraphReader, ListedPolicy } from '../src/graph/port.ts';
import { systemClock } from '../src/kernel/clock.ts';
import {
  connectionTo,
  firstTenant,
  type SimulatedTenant,
  type SimulatorProcess,
  startSimulatorProcess,
} from './setup/simulator.ts';

const CORPUS = fileURLToPath(new URL('../../shared/corpus', import.meta.url));
const NEVER = new AbortController().signal;

/** Real exports where they are, else the tenant that the simulator makes up: read alike. */
let simulator: SimulatorProcess;
let graph: Graph;
let acme: SimulatedTenant;

beforeAll(async () => {
  // Reading the whole corpus several times in seconds is more than Microsoft allows.
  const corpus = existsSync(CORPUS) ? { corpus: CORPUS } : {};
  simulator = await startSimulatorProcess({ ...corpus, limits: 'none' });
  graph = createGraph({ clock: systemClock, hosts: graphHosts(simulator.url), limits: [] });
  acme = firstTenant(simulator);
});

afterAll(async () => {
  await graph.close();
  await simulator.close();
});

const COLLECTIONS = [
  ['configurationPolicy', 'configurationPolicies'],
  ['deviceConfiguration', 'deviceConfigurations'],
  ['deviceCompliancePolicy', 'deviceCompliancePolicies'],
  ['compliancePolicy', 'compliancePolicies'],
  ['conditionalAccessPolicy', 'conditionalAccessPolicies'],
  ['namedLocation', 'namedLocations'],
  ['assignmentFilter', 'assignmentFilters'],
  ['roleScopeTag', 'roleScopeTags'],
] as const;

test('these are all the types there are', () => {
  expect(COLLECTIONS.map(([type]) => type)).toEqual(CONTRACTS.map(({ type }) => type));
});

test.each(COLLECTIONS)('every %s of every tenant is read, complete', async (type, collection) => {
  for (const tenant of simulator.tenants) {
    const reader = graph.readerFor(connectionTo(tenant));
    const documents = await readAll(reader, type);
    const stored = await simulator.objects(tenant.id, collection);
    expect([...documents.keys()].sort()).toEqual(stored.map(({ id }) => id).sort());
    for (const { id, name, object } of stored) {
      const document = documents.get(id);
      const body: unknown = JSON.parse(document?.body ?? '{}');
      expect(leavesOf(body), `${tenant.name}: ${name}`).toEqual(leavesOf(object));
    }
  }
});

test.each(COLLECTIONS)('a second reading of every %s gives the same hashes', async (type) => {
  const reader = graph.readerFor(connectionTo(acme));
  const first = await readAll(reader, type);
  const second = await readAll(reader, type);
  const hashes = (documents: ReadonlyMap<string, PolicyDocument>) =>
    [...documents].map(([id, { contentHash, assignmentsHash, scopeTagsHash }]) => [
      id,
      contentHash,
      assignmentsHash,
      scopeTagsHash,
    ]);
  expect(new Map(Object.entries(hashes(second)))).toEqual(new Map(Object.entries(hashes(first))));
});

test('Conditional Access is listed whole, never asked for one by one', async () => {
  await simulator.clearLog();
  const reader = graph.readerFor(connectionTo(acme));
  const listed = await listAll(reader, 'conditionalAccessPolicy');
  expect(listed.length).toBeGreaterThan(0);
  for (const { document } of listed) expect(document).toHaveProperty('contentHash');
  const calls = (await simulator.log(acme.id)).filter(({ bucket }) => bucket !== 'signIn');
  expect(calls.length).toBeLessThanOrEqual(Math.ceil(listed.length / 50) + 1);
  expect(calls.every(({ path }) => /conditionalAccess\/policies(\?|$)/.test(path))).toBe(true);
});

test('only the date moved: no change; a widened assignment: a change', async () => {
  const reader = graph.readerFor(connectionTo(acme));
  const [policy] = await simulator.objects(acme.id, 'deviceConfigurations');
  if (policy === undefined) throw new Error('the tenant has no device configuration');
  const before = await reader.read('deviceConfiguration', policy.id, NEVER);
  await simulator.editObject(acme.id, 'deviceConfigurations', policy.id, {});
  const touched = await reader.read('deviceConfiguration', policy.id, NEVER);
  expect(touched.contentHash).toBe(before.contentHash);
  const target = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' };
  await simulator.editObject(acme.id, 'deviceConfigurations', policy.id, {
    assignments: [{ id: `${policy.id}_all`, target }],
  });
  const widened = await reader.read('deviceConfiguration', policy.id, NEVER);
  expect(widened.assignmentsHash).not.toBe(before.assignmentsHash);
  expect(widened.contentHash).not.toBe(before.contentHash);
});

test('a policy that was deleted is told as gone', async () => {
  const reader = graph.readerFor(connectionTo(acme));
  const [policy] = await simulator.objects(acme.id, 'assignmentFilters');
  if (policy === undefined) throw new Error('the tenant has no filter');
  await simulator.removeObject(acme.id, 'assignmentFilters', policy.id);
  await expect(reader.read('assignmentFilter', policy.id, NEVER)).rejects.toMatchObject({
    code: 'graph.not_found',
  });
});

test('groups are named; those that Graph does not know are left out', async () => {
  const reader = graph.readerFor(connectionTo(acme));
  const groups = await simulator.objects(acme.id, 'groups');
  const unknown = '00000000-1111-4222-8333-444444444444';
  const names = await reader.groupNames([...groups.map(({ id }) => id), unknown], NEVER);
  expect([...names].sort()).toEqual(groups.map(({ id, name }) => [id, name]).sort());
});

test('every type answers a probe with one call', async () => {
  const reader = graph.readerFor(connectionTo(acme));
  for (const { type } of CONTRACTS) await reader.probe(type, NEVER);
  expect(reader.usage.calls).toBe(CONTRACTS.length);
});

test('an encrypted OMA-URI setting is marked and keeps no placeholder', async () => {
  const documents = await Promise.all(
    simulator.tenants.map((tenant) =>
      readAll(graph.readerFor(connectionTo(tenant)), 'deviceConfiguration'),
    ),
  );
  const masked = documents
    .flatMap((found) => [...found.values()])
    .filter(({ hasMaskedSecrets }) => hasMaskedSecrets);
  expect(masked.length).toBeGreaterThan(0);
  for (const { body } of masked) expect(body).not.toMatch(/\*{4}|PGEvPg==/);
});

async function listAll(reader: GraphReader, type: PolicyType): Promise<ListedPolicy[]> {
  const listed: ListedPolicy[] = [];
  for await (const page of reader.list(type, NEVER)) listed.push(...page);
  return listed;
}

async function readAll(reader: GraphReader, type: PolicyType) {
  const listed = await listAll(reader, type);
  const documents = await Promise.all(
    listed.map(({ document, graphId }) => document ?? reader.read(type, graphId, NEVER)),
  );
  const byId = new Map<string, PolicyDocument>();
  for (const document of documents) {
    if (document instanceof Error) throw document;
    byId.set(document.graphId, document);
  }
  return byId;
}

/** Told here again and not taken from the contracts: what a body leaves out of the policy. */
const LEFT_OUT_ANYWHERE = /@odata\.(?!type$|bind$)|.@odata\.type$|^#microsoft\.graph\./;
const LEFT_OUT_AT = new Set([
  'id',
  'createdDateTime',
  'lastModifiedDateTime',
  'modifiedDateTime',
  'version',
  'settingCount',
  'payloads',
  'isAssigned',
  'settings[].id',
  'settings[].settingDefinitions',
  'assignments[].id',
  'assignments[].sourceId',
  'scheduledActionsForRule[].id',
  'scheduledActionsForRule[].scheduledActionConfigurations[].id',
]);

/** Every leaf with its path, whatever its order: what must not get lost. */
function leavesOf(value: unknown): string[] {
  const leaves: string[] = [];
  collectLeaves(value, '', leaves);
  return leaves.sort();
}

function collectLeaves(value: unknown, path: string, leaves: string[]): void {
  if (Array.isArray(value)) {
    leaves.push(`${path} has ${value.length}`);
    for (const element of value) collectLeaves(element, `${path}[]`, leaves);
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const isSecret = entries.some(([key, inner]) => key === 'isEncrypted' && inner === true);
    for (const [key, inner] of entries) {
      const innerPath = path === '' ? key : `${path}.${key}`;
      if (LEFT_OUT_ANYWHERE.test(key) || LEFT_OUT_AT.has(innerPath)) continue;
      if (isSecret && key === 'value') continue;
      collectLeaves(inner, innerPath, leaves);
    }
  } else {
    leaves.push(`${path} = ${JSON.stringify(value)}`);
  }
}
