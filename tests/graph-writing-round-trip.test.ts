import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphHosts } from '../src/graph/clouds.ts';
import { compareBodies } from '../src/graph/compare-bodies.ts';
import { CONTRACTS, contractOf, type PolicyType } from '../src/graph/contracts/list.ts';
import { createGraph, type Graph } from '../src/graph/create-graph.ts';
import type { GraphWriter } from '../src/graph/port.ts';
import {
  isDefaultObject,
  planCreate,
  planUpdate,
  type WriteChoices,
} from '../src/graph/writing/plan-steps.ts';
import { restorableBody } from '../src/graph/writing/sendable-body.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { CORPUS, hasCorpus } from './setup/corpus.ts';
import { performSteps, type ReadBody, readBody, readPolicies } from './setup/perform-steps.ts';
import { SET_BY_GRAPH } from './setup/set-by-graph.ts';
import {
  connectionTo,
  type SimulatedTenant,
  type SimulatorProcess,
  startSimulatorProcess,
} from './setup/simulator.ts';

const AS_SAVED: WriteChoices = {
  withAssignments: true,
  namePrefix: '',
  conditionalAccessState: 'asSaved',
};
const COLLECTIONS: Readonly<Record<PolicyType, string>> = {
  configurationPolicy: 'configurationPolicies',
  deviceConfiguration: 'deviceConfigurations',
  deviceCompliancePolicy: 'deviceCompliancePolicies',
  compliancePolicy: 'compliancePolicies',
  conditionalAccessPolicy: 'conditionalAccessPolicies',
  namedLocation: 'namedLocations',
  assignmentFilter: 'assignmentFilters',
  roleScopeTag: 'roleScopeTags',
};

/** Real exports in the first tenant where they are; made-up policies in the second. */
let simulator: SimulatorProcess;
let graph: Graph;

beforeAll(async () => {
  const corpus = hasCorpus ? { corpus: CORPUS } : {};
  simulator = await startSimulatorProcess({ ...corpus, limits: 'none' });
  graph = createGraph({ clock: systemClock, hosts: graphHosts(simulator.url), limits: [] });
});

afterAll(async () => {
  await graph.close();
  await simulator.close();
});

describe.each(CONTRACTS.map(({ type }) => type))('%s', (type) => {
  test('what is made of each stored body reads as that body', async () => {
    let made = 0;
    for (const source of simulator.tenants.slice(0, 2)) {
      const saved = await readPolicies(writerOf(source), type);
      const writer = writerOf(tenantAt(2));
      const created = await Promise.all(
        saved
          .filter(({ body }) => !isDefaultObject(type, body))
          .map(async ({ name, body }) => {
            const id = await performSteps(writer, planCreate(type, body, AS_SAVED));
            return { name, body, read: (await readBody(writer, type, id)).body };
          }),
      );
      made += created.length;
      for (const { name, body, read } of created) {
        expect(restorableBody(type, read), name).toEqual(restorableBody(type, body));
        const others = compareBodies(type, body, read).map(({ path }) => path);
        expect(
          others.filter((path) => !SET_BY_GRAPH.test(path)),
          name,
        ).toEqual([]);
      }
    }
    expect(made).toBeGreaterThan(0);
  });

  test('what was changed in every way is brought back', async () => {
    const tenant = tenantAt(hasCorpus ? 0 : 1);
    const writer = writerOf(tenant);
    const saved = await readPolicies(writer, type);
    const donors = new Map(saved.map((policy) => [policy.graphId, donorOf(type, saved, policy)]));
    for (const policy of saved) {
      await drift(tenant, type, policy, donors.get(policy.graphId) ?? policy);
    }
    await Promise.all(
      saved.map(async ({ graphId, name, body }) => {
        const live = await readBody(writer, type, graphId);
        const steps = planUpdate(type, live.body, body, AS_SAVED);
        expect(steps.length, name).toBeGreaterThan(0);
        await performSteps(writer, steps, graphId);
        const after = await readBody(writer, type, graphId);
        expect(restorableBody(type, after.body), name).toEqual(restorableBody(type, body));
        expect(planUpdate(type, after.body, body, AS_SAVED), name).toEqual([]);
      }),
    );
  });
});

function writerOf(tenant: SimulatedTenant): GraphWriter {
  return graph.writerFor(connectionTo(tenant));
}

function tenantAt(place: number): SimulatedTenant {
  const tenant = simulator.tenants[place];
  if (tenant === undefined) throw new Error(`no tenant ${place}`);
  return tenant;
}

/** Another policy of the same make: what is fixed at creation must not differ. */
function donorOf(
  type: PolicyType,
  all: readonly ReadBody[],
  { graphId, body }: ReadBody,
): ReadBody | undefined {
  const fixed = contractOf(type).writing.fixed.filter((path) => !path.includes('templateId'));
  return all.find(
    (other) =>
      other.graphId !== graphId &&
      fixed.every((key) => String(other.body[key]) === String(body[key])),
  );
}

/** Somebody gives the policy the content of another one, and assigns it to everybody. */
async function drift(
  tenant: SimulatedTenant,
  type: PolicyType,
  policy: ReadBody,
  donor: ReadBody,
): Promise<void> {
  const { readOnly, writing, nameProperty } = contractOf(type);
  const kept = new Set([
    '@odata.type',
    'templateReference',
    'isBuiltIn',
    ...readOnly,
    ...writing.notUpdated,
    ...writing.fixed,
  ]);
  // Graph serves the same properties of all objects of a type: nobody can add one.
  const content = Object.entries(donor.body).filter(
    ([key]) => key in policy.body && !kept.has(key),
  );
  const everybody = { '@odata.type': '#microsoft.graph.allLicensedUsersAssignmentTarget' };
  await simulator.editObject(tenant.id, COLLECTIONS[type], policy.graphId, {
    ...Object.fromEntries(content),
    [nameProperty]: `${policy.name} (changed)`,
    ...('assignments' in policy.body ? { assignments: [{ id: 'x', target: everybody }] } : {}),
  });
}
