import { defineContract } from './define-contract.ts';
import { ASSIGNED_GROUPS, ASSIGNMENTS, ASSIGNMENTS_PART } from './shared-fields.ts';
import { ASSIGN, PLAIN_WRITING } from './writing-rules.ts';

export const roleScopeTag = defineContract({
  type: 'roleScopeTag',
  title: 'Scope tag',
  group: 'Tenant administration',
  path: '/deviceManagement/roleScopeTags',
  apiVersion: 'beta',
  nameProperty: 'displayName',
  platform: { from: 'nothing' },
  // $expand=assignments answers an empty list (graph-facts 2), so each tag's are asked for.
  listing: { query: '', isComplete: false },
  parts: [ASSIGNMENTS_PART],
  // The date is not in META for tags; graph-facts 2 strips it from everything all the same.
  volatile: ['id', 'createdDateTime', 'assignments[].id'],
  readOnly: ['isBuiltIn'],
  unordered: [ASSIGNMENTS],
  references: ASSIGNED_GROUPS,
  secrets: [],
  permissions: {
    // graph-facts 2: configuration is the least privilege for reading, RBAC for writing.
    read: ['DeviceManagementConfiguration.Read.All'],
    write: ['DeviceManagementRBAC.ReadWrite.All'],
  },
  bucket: 'roleBasedAccess',
  writing: {
    ...PLAIN_WRITING,
    restore: { mode: 'full', risk: 'low' },
    // Tag "0", Default.
    isDefault: 'isBuiltIn',
    actions: [ASSIGN],
  },
});
