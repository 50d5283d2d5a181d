import { defineContract } from './define-contract.ts';
import { PLAIN_WRITING } from './writing-rules.ts';

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
  writing: {
    ...PLAIN_WRITING,
    // Policies that name the location change their meaning with it.
    restore: { mode: 'full', risk: 'high' },
    fixed: ['@odata.type'],
    alwaysSent: ['@odata.type'],
  },
});
