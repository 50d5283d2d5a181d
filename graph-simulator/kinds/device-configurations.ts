import { type JsonObject, objectsOf } from '../values/json.ts';
import { ASSIGNMENTS, INTUNE_BASE, type Kind, type Refusal } from './kind.ts';
import { refuseUntyped } from './refuse.ts';

/** Device configurations of all derived types; encrypted OMA-URI values are masked. */
export const deviceConfigurations: Kind = {
  ...INTUNE_BASE,
  name: 'deviceConfigurations',
  path: 'deviceManagement/deviceConfigurations',
  entity: 'deviceConfiguration',
  versions: ['beta', 'v1.0'],
  bucket: 'deviceConfiguration',
  parts: [ASSIGNMENTS],
  betaOnly: [
    'roleScopeTagIds',
    'supportsScopeTags',
    'deviceManagementApplicabilityRuleOsEdition',
    'deviceManagementApplicabilityRuleOsVersion',
    'deviceManagementApplicabilityRuleDeviceMode',
  ],
  readOnly: [...INTUNE_BASE.readOnly, 'supportsScopeTags'],
  hasVersion: true,
  status: { create: 201, patch: 204, put: null, remove: 204, assign: 200 },
  defaults: {
    description: null,
    roleScopeTagIds: ['0'],
    supportsScopeTags: true,
    deviceManagementApplicabilityRuleOsEdition: null,
    deviceManagementApplicabilityRuleOsVersion: null,
    deviceManagementApplicabilityRuleDeviceMode: null,
  },
  refuseCreate: (body) => refuseUntyped(body) ?? refuseSecretReferences(body),
  refusePatch: refuseUntyped,
};

/** A value that lives in another tenant's vault cannot be created by its reference. */
function refuseSecretReferences(body: JsonObject): Refusal | undefined {
  const isReferring = objectsOf(body['omaSettings']).some(
    (setting) => typeof setting['secretReferenceValueId'] === 'string',
  );
  if (!isReferring) return undefined;
  return {
    status: 400,
    code: 'NotSupported',
    message: 'SecretReferenceValueId invalid for create',
  };
}
