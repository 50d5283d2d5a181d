import { KINDS } from '../kinds/all-kinds.ts';
import { isObject, type Json, type JsonObject, objectsOf, textOf } from '../values/json.ts';

/** What a file holds. */
export interface Detected {
  /** The name of a collection of Graph, served or not, or a word for what it is instead. */
  readonly type: string;
  readonly objects: readonly JsonObject[];
}

/** Tells the type by context, by @odata.type, or by the keys, in this order of trust. */
export function detectType(content: Json): Detected {
  const objects = objectsIn(content);
  const first = objects[0];
  if (first === undefined) return { type: 'empty', objects };
  const holder = isObject(content) ? content : first;
  const type =
    typeByContext(holder) ??
    typeByContext(first) ??
    typeByOdataType(first) ??
    typeByKeys(first) ??
    typeByListKey(content);
  return { type: type ?? 'unknown', objects };
}

/** The keys under which exporters put many objects, and what those then are. */
const LIST_KEYS: Readonly<Record<string, string | undefined>> = {
  value: undefined,
  filters: 'assignmentFilters',
  groups: 'groups',
};

/** One object, a list, or a list under the key that exporters use. */
function objectsIn(content: Json): readonly JsonObject[] {
  if (Array.isArray(content)) return objectsOf(content);
  if (!isObject(content)) return [];
  for (const key of Object.keys(LIST_KEYS)) {
    if (Array.isArray(content[key])) return objectsOf(content[key]);
  }
  return [content];
}

/** ...$metadata#deviceManagement/intents(assignments())/$entity -> the collection of that path. */
function typeByContext(object: JsonObject): string | undefined {
  const path = /\$metadata#([\w/]+)/.exec(textOf(object['@odata.context']) ?? '')?.[1];
  if (path === undefined) return undefined;
  const kind = KINDS.find((candidate) => path.startsWith(candidate.path));
  return kind?.name ?? path.replace(/\/+$/, '').split('/').at(-1);
}

const BY_ODATA_TYPE: readonly (readonly [RegExp, string])[] = [
  [/\.deviceManagementConfigurationPolicy$/, 'configurationPolicies'],
  [/\.deviceManagementCompliancePolicy$/, 'compliancePolicies'],
  [/\.groupPolicyConfiguration$/, 'groupPolicyConfigurations'],
  [/\.deviceManagementIntent$/, 'intents'],
  [/\.conditionalAccessPolicy$/, 'conditionalAccessPolicies'],
  [/NamedLocation$/, 'namedLocations'],
  [/CompliancePolicy$/, 'deviceCompliancePolicies'],
  [/\.androidManagedAppProtection$/, 'androidManagedAppProtections'],
  [/\.iosManagedAppProtection$/, 'iosManagedAppProtections'],
  [/AutopilotDeploymentProfile$/, 'windowsAutopilotDeploymentProfiles'],
  [/Enrollment\w*Configuration$/, 'deviceEnrollmentConfigurations'],
  [/AppConfiguration$/, 'mobileAppConfigurations'],
  [/App$/, 'mobileApps'],
  [/\.group$/, 'groups'],
  [/Configuration$/, 'deviceConfigurations'],
];

function typeByOdataType(object: JsonObject): string | undefined {
  const type = textOf(object['@odata.type']);
  if (type === undefined) return undefined;
  return BY_ODATA_TYPE.find(([pattern]) => pattern.test(type))?.[1];
}

function typeByListKey(content: Json): string | undefined {
  if (!isObject(content)) return undefined;
  return Object.entries(LIST_KEYS).find(([key]) => Array.isArray(content[key]))?.[1];
}

function typeByKeys(object: JsonObject): string | undefined {
  const has = (...keys: string[]) => keys.every((key) => key in object);
  if (has('TenantId', 'Objects')) return 'migrationTable';
  if (has('conditions', 'grantControls')) return 'conditionalAccessPolicies';
  if (has('settings', 'platforms', 'technologies')) {
    // Only settings catalog policies refer to a template.
    return has('templateReference') ? 'configurationPolicies' : 'compliancePolicies';
  }
  if (has('rule', 'platform')) return 'assignmentFilters';
  if (has('localizedMessages') || has('localizedNotificationMessages')) {
    return 'notificationMessageTemplates';
  }
  if (has('membershipRule') || has('securityEnabled', 'mailNickname')) return 'groups';
  return undefined;
}
