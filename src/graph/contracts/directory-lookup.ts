import type { Deviation } from './define-contract.ts';

/**
 * How names of groups are looked up: one POST that only reads, for up to 1,000 ids, instead of one
 * GET for each. It is no policy type.
 */
export const DIRECTORY_LOOKUP = {
  path: '/directoryObjects/getByIds',
  apiVersion: 'beta',
  query: '$select=id,displayName',
  /** DOC directoryobject-getbyids: "up to 1000 ids". */
  idsMax: 1_000,
  /** graph-facts 1: getByIds costs 3 units. */
  cost: 3,
  permissions: { read: ['Group.Read.All'] },
} as const;

/** How groups are listed, and found by their name; beta-paths.json: `/groups`. */
export const GROUPS = {
  path: '/groups',
  apiVersion: 'beta',
  select:
    '$select=id,displayName,description,membershipRule,groupTypes,mailEnabled,securityEnabled',
  /** DOC paging: 999 a page at most; 100 without, which makes ten times as many requests. */
  top: '$top=999',
  /** graph-facts 1: one unit where nothing else is named. */
  cost: 1,
  bucket: 'directory',
  // DOC group-post-groups: Group.Create would do for the POST alone.
  permissions: { read: ['Group.Read.All'], write: ['Group.ReadWrite.All'] },
} as const;

/**
 * Multi Admin Approval: which kinds of changes wait for a second person (Microsoft365DSC#7236 met
 * it); beta-paths.json: `/deviceManagement/operationApprovalPolicies`. DOC
 * intune-rbac-operationapprovalpolicy-get names these permissions.
 */
export const APPROVAL_POLICIES = {
  path: '/deviceManagement/operationApprovalPolicies',
  apiVersion: 'beta',
  cost: 1,
  bucket: 'roleBasedAccess',
  permissions: {
    read: ['DeviceManagementConfiguration.Read.All', 'DeviceManagementRBAC.Read.All'],
  },
} as const;

/** Paths outside the contracts that beta-paths.json does not hold. */
export const DEVIATIONS: readonly Deviation[] = [
  {
    path: '/directoryObjects/getByIds',
    evidence:
      'The oracle holds /groups/getByIds but no branch /directoryObjects; the action is bound to ' +
      'directoryObject (DOC directoryobject-getbyids; graph-facts 1 names its cost).',
  },
  {
    path: '/$batch',
    evidence: 'No entity: json-batching.md describes it; IntuneCD uses it on beta (graph-facts 1).',
  },
];
