import { defineContract } from './define-contract.ts';

export const namedLocation = defineContract({
  type: 'namedLocation',
  title: 'Named location',
  group: 'Conditional Access',
  path: '/identity/conditionalAccess/namedLocations',
  apiVersion: 'beta',
  nameProperty: 'displayName',
  platform: { from: 'nothing' },
  // graph-facts 2: complete read = list. Throttled like Conditional Access.
  listing: { query: '', isComplete: true },
  parts: [],
  volatile: ['id', 'createdDateTime', 'modifiedDateTime'],
  readOnly: ['deletedDateTime'],
  unordered: [
    { at: 'countriesAndRegions', by: [] },
    { at: 'ipRanges', by: [['cidrAddress']] },
  ],
  references: [],
  secrets: [],
  permissions: {
    read: ['Policy.Read.All'],
    write: ['Policy.ReadWrite.ConditionalAccess', 'Policy.Read.All'],
  },
  bucket: 'conditionalAccess',
});
