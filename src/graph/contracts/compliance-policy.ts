import { defineContract } from './define-contract.ts';
import {
  SCHEDULED_ACTIONS,
  SCHEDULED_ACTIONS_REFERENCES,
  SCHEDULED_ACTIONS_VOLATILE,
} from './scheduled-actions.ts';
import {
  ASSIGNMENTS,
  ASSIGNMENTS_PART,
  CATALOG_SETTINGS,
  INTUNE_REFERENCES,
  INTUNE_REPEATS_ID,
  INTUNE_VOLATILE,
  SCOPE_TAGS,
} from './shared-fields.ts';
import { ASSIGN, PLAIN_WRITING } from './writing-rules.ts';

/** Compliance on the settings catalog: Linux. */
export const compliancePolicy = defineContract({
  type: 'compliancePolicy',
  title: 'Compliance policy (settings catalog)',
  group: 'Compliance',
  path: '/deviceManagement/compliancePolicies',
  apiVersion: 'beta',
  nameProperty: 'name',
  platform: { from: 'property', property: 'platforms' },
  listing: { query: '', isComplete: false },
  parts: [
    { name: 'settings', how: 'expanded', query: 'settings', countedBy: 'settingCount' },
    ASSIGNMENTS_PART,
    {
      // graph-facts 2: only this address gives the actions with their configurations.
      name: 'scheduledActionsForRule',
      how: 'collection',
      query: '$expand=scheduledActionConfigurations',
    },
  ],
  volatile: [
    ...INTUNE_VOLATILE,
    ...SCHEDULED_ACTIONS_VOLATILE,
    'settingCount',
    'settings[].id',
    'settings[].settingDefinitions',
  ],
  repeatsId: INTUNE_REPEATS_ID,
  readOnly: ['creationSource'],
  unordered: [...CATALOG_SETTINGS, ...SCHEDULED_ACTIONS, ASSIGNMENTS, SCOPE_TAGS],
  references: [...INTUNE_REFERENCES, ...SCHEDULED_ACTIONS_REFERENCES],
  secrets: [],
  permissions: {
    read: ['DeviceManagementConfiguration.Read.All'],
    write: ['DeviceManagementConfiguration.ReadWrite.All'],
  },
  bucket: 'deviceConfigurationV2',
  writing: {
    ...PLAIN_WRITING,
    restore: { mode: 'full', risk: 'medium' },
    update: 'whole',
    // INFER: as in the settings catalog, the settings of one platform mean nothing on another.
    fixed: ['platforms', 'technologies'],
    actions: [
      {
        // Facts: "POST / PUT; then POST {id}/setScheduledActions"; META names the key.
        step: 'schedule_actions',
        part: 'scheduledActionsForRule',
        action: 'setScheduledActions',
        bodyKey: 'scheduledActions',
        isInCreate: false,
      },
      ASSIGN,
    ],
  },
  // DOC multi-admin-approval: "creating and managing compliance policies".
  approval: ['compliancePolicy'],
  deviations: [
    {
      path: '/deviceManagement/compliancePolicies/{id}',
      method: 'PUT',
      evidence: 'CODE: IntuneCD and IntuneManagement update by PUT (graph-facts 2).',
    },
  ],
});
