import { expect, test } from 'vitest';
import { findKind } from '../kinds/all-kinds.ts';
import { wholeObject } from '../state/stored-object.ts';
import type { Tenant } from '../state/tenant.ts';
import { isObject, objectsOf, textsOf } from '../values/json.ts';
import { seedWorld } from './seed-world.ts';

const sizes = (tenant: Tenant | undefined) => {
  const kinds = ['configurationPolicies', 'deviceConfigurations', 'deviceCompliancePolicies'];
  const others = ['compliancePolicies', 'conditionalAccessPolicies', 'namedLocations'];
  const sum = [...kinds, ...others].map((kind) => tenant?.collections.get(kind)?.objects.size ?? 0);
  return sum.reduce((left, right) => left + right, 0);
};
const dump = (seed: number) =>
  seedWorld({ seed, tenants: 3 }).world.tenants.map((tenant) => [
    tenant.id,
    [...tenant.collections.values()].map(({ objects }) => [...objects.values()].map(wholeObject)),
  ]);

test('the same seed makes the same tenants, another makes others', () => {
  expect(dump(5)).toEqual(dump(5));
  expect(dump(5)[0]?.[0]).not.toBe(dump(6)[0]?.[0]);
});

test('three tenants of different size; further ones are small and have names of their own', () => {
  const { tenants } = seedWorld({ seed: 1, tenants: 40 }).world;
  expect(sizes(tenants[0])).toBeGreaterThanOrEqual(40);
  expect(sizes(tenants[1])).toBeGreaterThanOrEqual(15);
  expect(sizes(tenants[1])).toBeLessThanOrEqual(25);
  expect(sizes(tenants[2])).toBeGreaterThanOrEqual(5);
  expect(sizes(tenants[2])).toBeLessThanOrEqual(10);
  expect(new Set(tenants.map((tenant) => tenant.name)).size).toBe(40);
  expect(new Set(tenants.map((tenant) => tenant.domain)).size).toBe(40);
});

test('an empty tenant has the groups of the others under ids of its own, and no policy', () => {
  const { tenants } = seedWorld({ seed: 1, tenants: 2, empty: 1 }).world;
  expect(tenants).toHaveLength(3);
  const [full, , empty] = tenants.map(({ collections }) => collections);
  const filled = [...(empty ?? [])].filter(([, { objects }]) => objects.size > 0);
  expect(filled.map(([name]) => name).sort()).toEqual(['groups', 'organization', 'roleScopeTags']);
  const groupsOf = (collections: typeof full) => [
    ...(collections?.get('groups')?.objects.values() ?? []),
  ];
  const names = (collections: typeof full) =>
    groupsOf(collections).map(({ body }) => body['displayName']);
  expect(names(empty)).toEqual(names(full));
  const ids = new Set(groupsOf(full).map(({ id }) => id));
  expect(groupsOf(empty).filter(({ id }) => ids.has(id))).toEqual([]);
});

test('whatever a policy refers to exists in its tenant', () => {
  for (const tenant of seedWorld({ seed: 3, tenants: 3 }).world.tenants) {
    const known = (name: string) => new Set(tenant.collections.get(name)?.objects.keys());
    const groups = known('groups');
    const filters = known('assignmentFilters');
    for (const collection of tenant.collections.values()) {
      for (const stored of collection.objects.values()) {
        for (const { target } of objectsOf(stored.parts.get('assignments'))) {
          if (!isObject(target)) throw new Error('no target');
          const groupId = target['groupId'];
          const filterId = target['deviceAndAppManagementAssignmentFilterId'];
          if (typeof groupId === 'string') expect(groups).toContain(groupId);
          if (typeof filterId === 'string') expect(filters).toContain(filterId);
        }
        for (const tag of textsOf(stored.body['roleScopeTagIds'])) {
          expect(known('roleScopeTags')).toContain(tag);
        }
      }
    }
  }
});

test('the assignments show every kind of target', () => {
  const [tenant] = seedWorld({ seed: 1, tenants: 1 }).world.tenants;
  const kind = findKind('configurationPolicies');
  const stored = [...(tenant?.collections.get(kind?.name ?? '')?.objects.values() ?? [])];
  const text = JSON.stringify(stored.map((one) => one.parts.get('assignments')));
  for (const word of ['allDevices', 'allLicensedUsers', 'exclusionGroup', '"include"', '.group']) {
    expect(text).toContain(word);
  }
});

test('bulk policies: as many as asked, about 12 settings each, some over a page', () => {
  const { tenants } = seedWorld({ seed: 1, tenants: 1, policies: 300 }).world;
  const stored = [
    ...(tenants[0]?.collections.get('configurationPolicies')?.objects.values() ?? []),
  ];
  const counts = stored
    .filter((one) => String(one.body['name']).startsWith('Bulk '))
    .map((one) => Number(one.body['settingCount']));
  expect(counts).toHaveLength(300);
  expect(counts.filter((count) => count > 25)).toHaveLength(15);
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  expect(mean).toBeGreaterThan(11);
  expect(mean).toBeLessThan(16);
});
