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
import { ASSIGN, PLAIN_WRITING } from './writing-rules.ts';

const REFERS_TO_REUSABLE_SETTING = {
  property: '@odata.type',
  is: '#microsoft.graph.deviceManagementConfigurationReferenceSettingValue',
} as const;

const VALUE_IS_TOKEN = { property: 'valueState', is: 'encryptedValueToken' } as const;

/**
 * DOC deviceManagementConfigurationSecretSettingValueState: "notEncrypted: secret value is not
 * encrypted"; CODE: the terraform provider microsoft365 sends new values so, and no others.
 */
const PLAIN_VALUE = { property: 'value', alongside: { valueState: 'notEncrypted' } } as const;

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
  references: [
    ...INTUNE_REFERENCES,
    // META: ReferenceSettingValue is a string value that holds the id of a reusable setting.
    {
      at: '**.simpleSettingValue.value',
      to: 'reusablePolicySetting',
      when: REFERS_TO_REUSABLE_SETTING,
      ifUnmapped: 'item',
    },
    {
      at: '**.simpleSettingCollectionValue[].value',
      to: 'reusablePolicySetting',
      when: REFERS_TO_REUSABLE_SETTING,
      ifUnmapped: 'item',
    },
  ],
  secrets: [
    {
      // The token stands for the value inside this tenant only: it is kept (a whole PUT needs it)
      // but cannot bring the value to another tenant (graph-facts 2: INFER).
      at: '**.simpleSettingValue',
      maskedWhen: VALUE_IS_TOKEN,
      placeholders: [],
      entered: PLAIN_VALUE,
    },
    {
      at: '**.simpleSettingCollectionValue[]',
      maskedWhen: VALUE_IS_TOKEN,
      placeholders: [],
      entered: PLAIN_VALUE,
    },
  ],
  permissions: {
    read: ['DeviceManagementConfiguration.Read.All'],
    write: ['DeviceManagementConfiguration.ReadWrite.All'],
  },
  bucket: 'deviceConfigurationV2',
  writing: {
    ...PLAIN_WRITING,
    restore: { mode: 'full', risk: 'medium' },
    // PATCH changes the meta data only, and single settings have no route of their own.
    update: 'whole',
    // INFER: the template and the platform decide which settings there can be.
    fixed: ['platforms', 'technologies', 'templateReference.templateId'],
    actions: [ASSIGN],
  },
  // DOC multi-admin-approval: "policies via the settings catalog"; META knows those of endpoint
  // security, which are of the same collection, by a name of their own.
  approval: ['configurationPolicy', 'endpointSecurityPolicy'],
  deviations: [
    {
      path: '/deviceManagement/configurationPolicies/{id}',
      method: 'PUT',
      evidence:
        'CODE: IntuneCD, IntuneManagement and the terraform provider update by PUT ' +
        '(graph-facts 2); PATCH on settings has no route.',
    },
  ],
});
