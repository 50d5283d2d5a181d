import { defineContract } from './define-contract.ts';

export const conditionalAccessPolicy = defineContract({
  type: 'conditionalAccessPolicy',
  title: 'Conditional Access policy',
  group: 'Conditional Access',
  path: '/identity/conditionalAccess/policies',
  apiVersion: 'beta',
  nameProperty: 'displayName',
  platform: { from: 'nothing' },
  // graph-facts 2: "list complete"; with one request a second per tenant for all apps, a GET per
  // policy would take minutes. If a property were missing from the list, the corpus test shows it.
  listing: { query: '', isComplete: true },
  parts: [],
  volatile: ['id', 'createdDateTime', 'modifiedDateTime'],
  readOnly: ['templateId', 'deletedDateTime', 'partialEnablementStrategy'],
  // Every list in conditions and controls is a set of ids or words (csdl: Collection(String)).
  unordered: [
    { at: 'conditions.**', by: [] },
    { at: 'grantControls.**', by: [] },
  ],
  references: [
    { at: 'conditions.users.includeGroups[]', to: 'group' },
    { at: 'conditions.users.excludeGroups[]', to: 'group' },
    { at: 'conditions.users.includeUsers[]', to: 'user' },
    { at: 'conditions.users.excludeUsers[]', to: 'user' },
    { at: 'conditions.users.includeRoles[]', to: 'directoryRole' },
    { at: 'conditions.users.excludeRoles[]', to: 'directoryRole' },
    { at: 'conditions.applications.includeApplications[]', to: 'application' },
    { at: 'conditions.applications.excludeApplications[]', to: 'application' },
    { at: 'conditions.locations.includeLocations[]', to: 'namedLocation' },
    { at: 'conditions.locations.excludeLocations[]', to: 'namedLocation' },
    { at: 'grantControls.authenticationStrength.id', to: 'authenticationStrength' },
  ],
  secrets: [],
  permissions: {
    read: ['Policy.Read.All'],
    write: ['Policy.ReadWrite.ConditionalAccess', 'Policy.Read.All', 'Application.Read.All'],
  },
  bucket: 'conditionalAccess',
});
