import { ASSIGNMENTS, INTUNE_BASE, type Kind } from './kind.ts';
import { refuseMissing } from './refuse.ts';

/** Compliance policies made of settings (Linux). */
export const compliancePolicies: Kind = {
  ...INTUNE_BASE,
  name: 'compliancePolicies',
  path: 'deviceManagement/compliancePolicies',
  entity: 'deviceManagementCompliancePolicy',
  bucket: 'deviceConfigV2',
  nameKey: 'name',
  parts: [
    {
      name: 'settings',
      pageSize: 25,
      expand: 'complete',
      expandInList: true,
      nested: 'settingDefinitions',
    },
    ASSIGNMENTS,
    {
      name: 'scheduledActionsForRule',
      pageSize: 100,
      expand: 'complete',
      expandInList: true,
      nested: 'scheduledActionConfigurations',
    },
  ],
  readOnly: [...INTUNE_BASE.readOnly, 'settingCount', 'creationSource'],
  countsSettings: true,
  status: { create: 201, patch: 204, put: 204, remove: 204, assign: 200 },
  defaults: { description: '', creationSource: null, roleScopeTagIds: ['0'] },
  refuseCreate: (body) => refuseMissing(body, ['name', 'platforms', 'technologies', 'settings']),
  replacers: {
    setScheduledActions: { part: 'scheduledActionsForRule', key: 'scheduledActions' },
  },
};
