import { defineContract } from './define-contract.ts';
import { SCHEDULED_ACTIONS, SCHEDULED_ACTIONS_VOLATILE } from './scheduled-actions.ts';
import {
  ASSIGNMENTS,
  INTUNE_REFERENCES,
  INTUNE_REPEATS_ID,
  INTUNE_VOLATILE,
  SCOPE_TAGS,
} from './shared-fields.ts';

/** Compliance policies of Windows, macOS, iOS and Android. */
export const deviceCompliancePolicy = defineContract({
  type: 'deviceCompliancePolicy',
  title: 'Compliance policy',
  group: 'Compliance',
  path: '/deviceManagement/deviceCompliancePolicies',
  apiVersion: 'beta',
  nameProperty: 'displayName',
  platform: { from: 'odataType' },
  listing: { query: '', isComplete: false },
  parts: [
    // A plain GET omits both; this expand is what the tools use (graph-facts 2; corpus context).
    { name: 'assignments', how: 'expanded', query: 'assignments' },
    {
      name: 'scheduledActionsForRule',
      how: 'expanded',
      query: 'scheduledActionsForRule($expand=scheduledActionConfigurations)',
    },
  ],
  volatile: [...INTUNE_VOLATILE, ...SCHEDULED_ACTIONS_VOLATILE],
  repeatsId: INTUNE_REPEATS_ID,
  readOnly: [],
  unordered: [...SCHEDULED_ACTIONS, ASSIGNMENTS, SCOPE_TAGS],
  references: [
    ...INTUNE_REFERENCES,
    {
      at: 'scheduledActionsForRule[].scheduledActionConfigurations[].notificationTemplateId',
      to: 'notificationMessageTemplate',
    },
    {
      at: 'scheduledActionsForRule[].scheduledActionConfigurations[].notificationMessageCCList[]',
      to: 'group',
    },
    {
      at: 'deviceCompliancePolicyScript.deviceComplianceScriptId',
      to: 'deviceComplianceScript',
    },
  ],
  secrets: [],
  permissions: {
    read: ['DeviceManagementConfiguration.Read.All'],
    write: ['DeviceManagementConfiguration.ReadWrite.All'],
  },
  bucket: 'deviceConfiguration',
});
