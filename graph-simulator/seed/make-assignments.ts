import { assignmentOf } from '../graph/assign.ts';
import { findKind } from '../kinds/all-kinds.ts';
import type { StoredObject } from '../state/stored-object.ts';
import { collectionOf, type Tenant } from '../state/tenant.ts';
import { type JsonObject, textOf } from '../values/json.ts';
import { pick, type Random, seededRandom } from '../values/random.ts';

const ASSIGNED_KINDS = [
  'configurationPolicies',
  'deviceConfigurations',
  'deviceCompliancePolicies',
  'compliancePolicies',
];
const ALL_DEVICES = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' };
const ALL_USERS = { '@odata.type': '#microsoft.graph.allLicensedUsersAssignmentTarget' };

/** Assigns the tenant's policies to its groups, to everybody, with exclusions and filters. */
export function makeAssignments(seed: number, tenant: Tenant): void {
  const groupIds = idsOf(tenant, 'groups');
  for (const name of ASSIGNED_KINDS) {
    const kind = findKind(name);
    if (kind === undefined) continue;
    for (const stored of collectionOf(tenant, kind).objects.values()) {
      const random = seededRandom(seed, 'assignments', stored.id);
      const targets = makeTargets(tenant, groupIds, stored, random);
      const assignments = targets.map((target) => assignmentOf(stored.id, target));
      stored.parts.set('assignments', assignments);
    }
  }
}

/** About one policy in eight is assigned to nobody. */
function makeTargets(
  tenant: Tenant,
  groupIds: readonly string[],
  stored: StoredObject,
  random: Random,
): JsonObject[] {
  const choice = random();
  if (choice < 0.12) return [];
  if (choice < 0.25) return [ALL_USERS];
  if (choice < 0.4 || groupIds.length < 2) return [ALL_DEVICES];
  const first = pick(groupIds, random);
  const second = pick(
    groupIds.filter((id) => id !== first),
    random,
  );
  if (choice < 0.6) return [toGroup(first)];
  if (choice < 0.7) return [toGroup(first), toGroup(second)];
  if (choice < 0.85) return [ALL_DEVICES, butNotGroup(first)];
  const filterId = filterFor(tenant, stored, random);
  if (filterId === undefined) return [toGroup(first), butNotGroup(second)];
  const type = random() < 0.7 ? 'include' : 'exclude';
  return [{ ...toGroup(first), ...withFilter(filterId, type) }, butNotGroup(second)];
}

function toGroup(groupId: string): JsonObject {
  return { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId };
}

function butNotGroup(groupId: string): JsonObject {
  return { '@odata.type': '#microsoft.graph.exclusionGroupAssignmentTarget', groupId };
}

function withFilter(id: string, type: 'include' | 'exclude'): JsonObject {
  return {
    deviceAndAppManagementAssignmentFilterId: id,
    deviceAndAppManagementAssignmentFilterType: type,
  };
}

/** A filter works for policies of its own platform only. */
function filterFor(tenant: Tenant, stored: StoredObject, random: Random): string | undefined {
  const kind = findKind('assignmentFilters');
  if (kind === undefined) return undefined;
  const platform = platformOf(stored.body);
  const fitting = [...collectionOf(tenant, kind).objects.values()].filter(
    (filter) => filter.body['platform'] === platform,
  );
  return fitting.length === 0 ? undefined : pick(fitting, random).id;
}

function platformOf(body: JsonObject): string {
  const said = `${textOf(body['platforms']) ?? ''} ${textOf(body['@odata.type']) ?? ''}`;
  if (/android/i.test(said)) return 'androidForWork';
  if (/ios/i.test(said)) return 'iOS';
  if (/macos/i.test(said)) return 'macOS';
  return /linux/i.test(said) ? 'linux' : 'windows10AndLater';
}

function idsOf(tenant: Tenant, kindName: string): string[] {
  const kind = findKind(kindName);
  if (kind === undefined) return [];
  return [...collectionOf(tenant, kind).objects.values()].map((stored) => stored.id);
}
