import { defineContract } from './define-contract.ts';
import { PLAIN_WRITING } from './writing-rules.ts';

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
  // A condition that loses a part means another policy: an exclusion lost locks people out, an
  // inclusion that becomes empty may apply everywhere. So nothing is left out of one.
  references: [
    { at: 'conditions.users.includeGroups[]', to: 'group', ifUnmapped: 'item' },
    { at: 'conditions.users.excludeGroups[]', to: 'group', ifUnmapped: 'item', excludes: true },
    { at: 'conditions.users.includeUsers[]', to: 'user', ifUnmapped: 'item' },
    { at: 'conditions.users.excludeUsers[]', to: 'user', ifUnmapped: 'item' },
    { at: 'conditions.users.includeRoles[]', to: 'directoryRole', ifUnmapped: 'item' },
    { at: 'conditions.users.excludeRoles[]', to: 'directoryRole', ifUnmapped: 'item' },
    { at: 'conditions.applications.includeApplications[]', to: 'application', ifUnmapped: 'item' },
    { at: 'conditions.applications.excludeApplications[]', to: 'application', ifUnmapped: 'item' },
    { at: 'conditions.locations.includeLocations[]', to: 'namedLocation', ifUnmapped: 'item' },
    { at: 'conditions.locations.excludeLocations[]', to: 'namedLocation', ifUnmapped: 'item' },
    {
      at: 'conditions.applications.includeAuthenticationContextClassReferences[]',
      to: 'authenticationContext',
      ifUnmapped: 'item',
    },
    {
      at: 'conditions.clientApplications.includeServicePrincipals[]',
      to: 'servicePrincipal',
      ifUnmapped: 'item',
    },
    {
      at: 'conditions.clientApplications.excludeServicePrincipals[]',
      to: 'servicePrincipal',
      ifUnmapped: 'item',
    },
    { at: 'grantControls.termsOfUse[]', to: 'termsOfUse', ifUnmapped: 'item' },
    {
      at: 'grantControls.authenticationStrength.id',
      to: 'authenticationStrength',
      ifUnmapped: 'item',
    },
  ],
  secrets: [],
  permissions: {
    read: ['Policy.Read.All'],
    write: ['Policy.ReadWrite.ConditionalAccess', 'Policy.Read.All', 'Application.Read.All'],
  },
  bucket: 'conditionalAccess',
  writing: {
    ...PLAIN_WRITING,
    restore: { mode: 'full', risk: 'high' },
    // More than the id is refused: "1007: ... does not match the schema".
    named: [{ at: 'grantControls.authenticationStrength', by: ['id'] }],
    // Facts, strip column: "beta sessionControls nulls".
    nullsOmitted: ['sessionControls'],
    state: {
      at: 'state',
      disabled: 'disabled',
      reportOnly: 'enabledForReportingButNotEnabled',
      enabled: 'enabled',
    },
  },
});
