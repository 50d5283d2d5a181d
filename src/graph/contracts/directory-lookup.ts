import type { Deviation } from './define-contract.ts';

/**
 * How names of groups are looked up: one POST that only reads, for up to 1,000 ids, instead of one
 * GET for each. It is no policy type; the directory is never listed.
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
