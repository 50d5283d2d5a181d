import { defineContract } from './define-contract.ts';
import {
  ASSIGNMENTS,
  ASSIGNMENTS_PART,
  CATALOG_SETTINGS,
  INTUNE_REFERENCES,
  INTUNE_REPEATS_ID,
  INTUNE_VOLATILE,
  SCOPE_TAGS,
} from './shared-fields.ts';

/** Settings catalog, endpoint security and security baselines: one collection in Graph. */
export const configurationPolicy = defineContract({
  type: 'configurationPolicy',
  title: 'Settings catalog policy',
  group: 'Configuration',
  path: '/deviceManagement/configurationPolicies',
  apiVersion: 'beta',
  nameProperty: 'name',
  platform: { from: 'property', property: 'platforms' },
  // The list has no settings, whatever is expanded (graph-facts 2).
  listing: { query: '', isComplete: false },
  parts: [
    // IntuneManagement exports by `GET {id}?$expand=settings` (the corpus' @odata.context shows
    // it). Others saw 25 of > 300 and 45 of 63 settings (IntuneBackupAndRestore#88, M365DSC#5921):
    // hence the count. If $expand ever stops working, the second read pages /settings anyway.
    { name: 'settings', how: 'expanded', query: 'settings', countedBy: 'settingCount' },
    ASSIGNMENTS_PART,
  ],
  volatile: [...INTUNE_VOLATILE, 'settingCount', 'settings[].id', 'settings[].settingDefinitions'],
  repeatsId: INTUNE_REPEATS_ID,
  readOnly: [
    'creationSource',
    'priorityMetaData',
    'templateReference.templateDisplayName',
    'templateReference.templateDisplayVersion',
    'templateReference.templateFamily',
  ],
  unordered: [...CATALOG_SETTINGS, ASSIGNMENTS, SCOPE_TAGS],
  references: INTUNE_REFERENCES,
  secrets: [
    {
      // The token stands for the value inside this tenant only: it is kept (a whole PUT needs it)
      // but cannot bring the value to another tenant (graph-facts 2: INFER).
      at: '**.simpleSettingValue',
      isMasked: (value) => value['valueState'] === 'encryptedValueToken',
      placeholders: [],
    },
    {
      at: '**.simpleSettingCollectionValue[]',
      isMasked: (value) => value['valueState'] === 'encryptedValueToken',
      placeholders: [],
    },
  ],
  permissions: {
    read: ['DeviceManagementConfiguration.Read.All'],
    write: ['DeviceManagementConfiguration.ReadWrite.All'],
  },
  bucket: 'deviceConfigurationV2',
});
