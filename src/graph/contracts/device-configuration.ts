import type { JsonObject } from '../../kernel/canonical-json.ts';
import { defineContract } from './define-contract.ts';
import {
  ASSIGNMENTS,
  INTUNE_REFERENCES,
  INTUNE_REPEATS_ID,
  INTUNE_VOLATILE,
  SCOPE_TAGS,
} from './shared-fields.ts';

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
  readOnly: ['supportsScopeTags', 'privacyAccessControls'],
  // omaSettings and other lists inside the object are kept in the order of the profile: they are
  // plain properties, which Graph returns as they were stored.
  unordered: [ASSIGNMENTS, SCOPE_TAGS],
  references: INTUNE_REFERENCES,
  secrets: [
    {
      at: 'omaSettings[]',
      isMasked: isMaskedOmaSetting,
      placeholders: ['value'],
    },
    {
      // Graph never returns a pre-shared key (graph-facts 2: INFER and portal).
      at: '',
      isMasked: (profile) =>
        'preSharedKey' in profile && /personal/i.test(String(profile['wiFiSecurityType'])),
      placeholders: ['preSharedKey'],
    },
  ],
  permissions: {
    read: ['DeviceManagementConfiguration.Read.All'],
    write: ['DeviceManagementConfiguration.ReadWrite.All'],
  },
  bucket: 'deviceConfiguration',
});

/**
 * Encrypted OMA-URI values come as "****" (strings) or base64 of `<a/>`, PGEvPg== (XML). An
 * encrypted setting never counts as readable, whatever stands in its value.
 */
function isMaskedOmaSetting(setting: JsonObject): boolean {
  return setting['isEncrypted'] === true;
}
