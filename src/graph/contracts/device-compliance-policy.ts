import { defineContract } from './define-contract.ts';
import {
  SCHEDULED_ACTIONS,
  SCHEDULED_ACTIONS_REFERENCES,
  SCHEDULED_ACTIONS_VOLATILE,
} from './scheduled-actions.ts';
import {
  ASSIGNMENTS,
  INTUNE_REFERENCES,
  INTUNE_REPEATS_ID,
  INTUNE_VOLATILE,
  SCOPE_TAGS,
} from './shared-fields.ts';
import { ASSIGN, PLAIN_WRITING } from './writing-rules.ts';

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
    ...SCHEDULED_ACTIONS_REFERENCES,
    {
      at: 'deviceCompliancePolicyScript.deviceComplianceScriptId',
      to: 'deviceComplianceScript',
      ifUnmapped: 'item',
    },
  ],
  secrets: [],
  permissions: {
    read: ['DeviceManagementConfiguration.Read.All'],
    write: ['DeviceManagementConfiguration.ReadWrite.All'],
  },
  bucket: 'deviceConfiguration',
  writing: {
    ...PLAIN_WRITING,
    restore: { mode: 'full', risk: 'medium' },
    // Facts: @odata.type is required; INFER: the derived type is decided at creation.
    fixed: ['@odata.type'],
    alwaysSent: ['@odata.type'],
    actions: [
      {
        // "Must have one and only one block scheduled action" (TenuVault#25): a POST without the
        // actions is refused, and a PATCH with them, too.
        step: 'schedule_actions',
        part: 'scheduledActionsForRule',
        action: 'scheduleActionsForRules',
        bodyKey: 'deviceComplianceScheduledActionForRules',
        isInCreate: true,
      },
      ASSIGN,
    ],
  },
  // DOC multi-admin-approval: "creating and managing compliance policies".
  approval: ['compliancePolicy'],
});
