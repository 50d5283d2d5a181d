import { defineContract } from './define-contract.ts';
import { PLAIN_WRITING } from './writing-rules.ts';

export const assignmentFilter = defineContract({
  type: 'assignmentFilter',
  title: 'Assignment filter',
  group: 'Tenant administration',
  path: '/deviceManagement/assignmentFilters',
  apiVersion: 'beta',
  nameProperty: 'displayName',
  platform: { from: 'property', property: 'platform' },
  // graph-facts 2: complete read = list.
  listing: { query: '', isComplete: true },
  parts: [],
  // `payloads` tells which policies use the filter: it moves when others are assigned.
  volatile: ['id', 'createdDateTime', 'lastModifiedDateTime', 'payloads'],
  readOnly: ['assignmentFilterManagementType'],
  unordered: [{ at: 'roleScopeTags', by: [] }],
  references: [{ at: 'roleScopeTags[]', to: 'roleScopeTag', ifUnmapped: 'property' }],
  secrets: [],
  permissions: {
    read: ['DeviceManagementConfiguration.Read.All'],
    write: ['DeviceManagementConfiguration.ReadWrite.All'],
  },
  // INFER: no include of the throttling pages names filters; they belong to device configuration.
  bucket: 'deviceConfiguration',
  writing: {
    ...PLAIN_WRITING,
    // Whatever is assigned with the filter reaches other devices when its rule changes.
    restore: { mode: 'full', risk: 'medium' },
    // "PATCH minus platform".
    fixed: ['platform'],
  },
  // META knows the word, "not in use at this time": once it is, it is known here.
  approval: ['filter'],
});
