import type { ContractPart, Reference, UnorderedCollection } from './define-contract.ts';

/**
 * What several Intune types have in common. `id` repeats the policy's address; the dates and the
 * version move at every save; `isAssigned` and `settingCount` are derived from the parts.
 */
export const INTUNE_VOLATILE = [
  'id',
  'createdDateTime',
  'lastModifiedDateTime',
  'version',
  'isAssigned',
  // `<policy id>_<group id>`: derived, and another after a restore.
  'assignments[].id',
] as const;

/** Says who made the assignment: the policy itself (dropped), or a policy set (kept). */
export const INTUNE_REPEATS_ID = ['assignments[].sourceId'] as const;

export const SCOPE_TAGS: UnorderedCollection = { at: 'roleScopeTagIds', by: [] };

/** Keyed by the target: a policy targets each group at most once per kind. */
export const ASSIGNMENTS: UnorderedCollection = {
  at: 'assignments',
  by: [
    ['target', '@odata.type'],
    ['target', 'groupId'],
  ],
};

/**
 * Settings are a set keyed by definition (their `id` is only the position in the answer). The
 * `children` of a choice or group are a set, too; the values of a collection (TLS cipher suites,
 * groups of a firewall rule) are ordered by meaning and stay as they are.
 */
export const CATALOG_SETTINGS: readonly UnorderedCollection[] = [
  { at: 'settings', by: [['settingInstance', 'settingDefinitionId']] },
  { at: '**.children', by: [['settingDefinitionId']] },
];

/** An exclusion says so in its type alone. */
export const ASSIGNED_GROUPS: readonly Reference[] = [
  {
    at: 'assignments[].target.groupId',
    to: 'group',
    when: { property: '@odata.type', contains: 'exclusion' },
    ifUnmapped: 'element',
    excludes: true,
  },
  { at: 'assignments[].target.groupId', to: 'group', ifUnmapped: 'element' },
];

export const INTUNE_REFERENCES: readonly Reference[] = [
  ...ASSIGNED_GROUPS,
  {
    at: 'assignments[].target.deviceAndAppManagementAssignmentFilterId',
    to: 'assignmentFilter',
    ifUnmapped: 'element',
  },
  { at: 'roleScopeTagIds[]', to: 'roleScopeTag', ifUnmapped: 'property' },
];

/** Some tools find assignments only at their own address (graph-facts 2, configurationPolicies). */
export const ASSIGNMENTS_PART: ContractPart = {
  name: 'assignments',
  how: 'collection',
  query: '',
};
