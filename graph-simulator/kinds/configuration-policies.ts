import { ASSIGNMENTS, INTUNE_BASE, type Kind } from './kind.ts';
import { refuseMissing } from './refuse.ts';

/** Settings catalog, endpoint security, baselines. 25 a page whatever $top says. */
export const configurationPolicies: Kind = {
  ...INTUNE_BASE,
  name: 'configurationPolicies',
  path: 'deviceManagement/configurationPolicies',
  entity: 'deviceManagementConfigurationPolicy',
  bucket: 'deviceConfigV2',
  nameKey: 'name',
  page: { size: 25, honoursTop: false },
  parts: [
    {
      name: 'settings',
      pageSize: 25,
      expand: 'complete',
      // The list answers without settings whatever $expand says.
      expandInList: false,
      nested: 'settingDefinitions',
    },
    ASSIGNMENTS,
  ],
  readOnly: [...INTUNE_BASE.readOnly, 'settingCount', 'creationSource', 'priorityMetaData'],
  countsSettings: true,
  expanded: [{ at: ['templateReference'], by: 'templateId' }],
  status: { create: 201, patch: 204, put: 204, remove: 204, assign: 200 },
  defaults: {
    description: '',
    creationSource: null,
    priorityMetaData: null,
    roleScopeTagIds: ['0'],
    templateReference: {
      templateId: '',
      templateFamily: 'none',
      templateDisplayName: null,
      templateDisplayVersion: null,
    },
  },
  refuseCreate: (body) => refuseMissing(body, ['name', 'platforms', 'technologies', 'settings']),
  refusePatch: (body) =>
    'settings' in body
      ? {
          status: 400,
          code: 'BadRequest',
          message: 'Cannot apply PATCH to navigation property settings.',
        }
      : undefined,
};
