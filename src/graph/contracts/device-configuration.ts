import { defineContract, type SecretRule } from './define-contract.ts';
import {
  ASSIGNMENTS,
  INTUNE_REFERENCES,
  INTUNE_REPEATS_ID,
  INTUNE_VOLATILE,
  SCOPE_TAGS,
} from './shared-fields.ts';
import { ASSIGN, PLAIN_WRITING } from './writing-rules.ts';

/** Configuration profiles made from templates: all types derived from deviceConfiguration. */
export const deviceConfiguration = defineContract({
  type: 'deviceConfiguration',
  title: 'Device configuration profile',
  group: 'Configuration',
  path: '/deviceManagement/deviceConfigurations',
  apiVersion: 'beta',
  nameProperty: 'displayName',
  platform: { from: 'odataType' },
  // The list has all properties but no assignments; whether $expand=assignments is honoured on the
  // list is not told by any source, so each profile is read (graph-facts 2).
  listing: { query: '', isComplete: false },
  parts: [{ name: 'assignments', how: 'expanded', query: 'assignments' }],
  volatile: [...INTUNE_VOLATILE],
  repeatsId: INTUNE_REPEATS_ID,
  readOnly: [
    'supportsScopeTags',
    'privacyAccessControls',
    // 400 NotSupported "SecretReferenceValueId invalid for create": it is this object's own.
    'omaSettings[].secretReferenceValueId',
  ],
  // omaSettings and other lists inside the object are kept in the order of the profile: they are
  // plain properties, which Graph returns as they were stored.
  unordered: [ASSIGNMENTS, SCOPE_TAGS],
  references: INTUNE_REFERENCES,
  secrets: [
    {
      // Encrypted OMA-URI values come as "****" (strings) or base64 of `<a/>`, PGEvPg== (XML). An
      // encrypted setting never counts as readable, whatever stands in its value.
      at: 'omaSettings[]',
      maskedWhen: { property: 'isEncrypted', is: true },
      placeholders: ['value'],
      entered: {
        property: 'value',
        // Graph sets the flag itself; a plain value that comes with it cannot be deployed
        // (Microsoft365DSC#4084; IntuneManagement clears it, too).
        leavesOut: ['isEncrypted'],
        // DOC omaSettingStringXml: "Binary, UTF8 encoded byte array"; the others are strings.
        base64When: { property: '@odata.type', is: '#microsoft.graph.omaSettingStringXml' },
      },
    },
    // Graph never returns a pre-shared key (graph-facts 2: INFER and portal); a personal network
    // always has one. DOC windowsWifiConfiguration writes the property otherwise than the rest.
    hiddenKeyOf('wiFiSecurityType'),
    hiddenKeyOf('wifiSecurityType'),
  ],
  permissions: {
    read: ['DeviceManagementConfiguration.Read.All'],
    write: ['DeviceManagementConfiguration.ReadWrite.All'],
  },
  bucket: 'deviceConfiguration',
  writing: {
    ...PLAIN_WRITING,
    restore: { mode: 'full', risk: 'medium' },
    // Facts: not accepted in a PATCH of an update ring.
    notUpdated: [
      'featureUpdatesPauseStartDate',
      'featureUpdatesWillBeRolledBack',
      'qualityUpdatesPauseStartDate',
      'qualityUpdatesWillBeRolledBack',
    ],
    // Facts: @odata.type is required; INFER: the derived type is decided at creation.
    fixed: ['@odata.type'],
    alwaysSent: ['@odata.type'],
    actions: [ASSIGN],
  },
});

/** The key of a Wi-Fi network, by the property that says how it is protected. */
function hiddenKeyOf(property: string): SecretRule {
  return {
    at: '',
    maskedWhen: { property, contains: 'personal' },
    placeholders: ['preSharedKey'],
    entered: { property: 'preSharedKey' },
  };
}
