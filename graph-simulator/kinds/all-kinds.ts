import { assignmentFilters } from './assignment-filters.ts';
import { compliancePolicies } from './compliance-policies.ts';
import { conditionalAccessPolicies } from './conditional-access-policies.ts';
import { configurationPolicies } from './configuration-policies.ts';
import { deviceCompliancePolicies } from './device-compliance-policies.ts';
import { deviceConfigurations } from './device-configurations.ts';
import { groups, organization } from './directory.ts';
import type { Kind } from './kind.ts';
import { namedLocations } from './named-locations.ts';
import { operationApprovalPolicies } from './operation-approval-policies.ts';
import { roleScopeTags } from './role-scope-tags.ts';

/** Everything that is served. A new collection is a file in this room and a line here. */
export const KINDS: readonly Kind[] = [
  configurationPolicies,
  deviceConfigurations,
  deviceCompliancePolicies,
  compliancePolicies,
  conditionalAccessPolicies,
  namedLocations,
  assignmentFilters,
  roleScopeTags,
  operationApprovalPolicies,
  groups,
  organization,
];

const BY_NAME = new Map(KINDS.map((kind) => [kind.name, kind]));

/** The kind of that name, when it is served. */
export function findKind(name: string): Kind | undefined {
  return BY_NAME.get(name);
}

/** What the documents ask for besides, to write Conditional Access (graph-facts 2). */
const ASKED_BESIDE = 'Application.Read.All';

/** All permissions that the served collections ask for: what a tenant grants at first. */
export const ALL_ROLES: readonly string[] = [
  ...new Set([
    ...KINDS.flatMap((kind) => [...kind.permissions.read, ...kind.permissions.write]),
    ASKED_BESIDE,
  ]),
].sort();
