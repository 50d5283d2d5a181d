import { INTUNE_BASE, type Kind } from './kind.ts';
import { refuseMissing } from './refuse.ts';

/** Multi Admin Approval: changes that wait for a second person. Nobody has any at first. */
export const operationApprovalPolicies: Kind = {
  ...INTUNE_BASE,
  name: 'operationApprovalPolicies',
  path: 'deviceManagement/operationApprovalPolicies',
  entity: 'operationApprovalPolicy',
  bucket: 'rbac',
  permissions: {
    read: [
      'DeviceManagementConfiguration.Read.All',
      'DeviceManagementConfiguration.ReadWrite.All',
      'DeviceManagementRBAC.Read.All',
      'DeviceManagementRBAC.ReadWrite.All',
    ],
    write: ['DeviceManagementRBAC.ReadWrite.All', 'DeviceManagementConfiguration.ReadWrite.All'],
  },
  unordered: ['approverGroupIds'],
  defaults: { description: '', approverGroupIds: [] },
  refuseCreate: (body) => refuseMissing(body, ['displayName', 'policySet']),
};
