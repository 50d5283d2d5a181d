import { defineContract } from './define-contract.ts';

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
  references: [{ at: 'roleScopeTags[]', to: 'roleScopeTag' }],
  secrets: [],
  permissions: {
    read: ['DeviceManagementConfiguration.Read.All'],
    write: ['DeviceManagementConfiguration.ReadWrite.All'],
  },
  // INFER: no include of the throttling pages names filters; they belong to device configuration.
  bucket: 'deviceConfiguration',
});
