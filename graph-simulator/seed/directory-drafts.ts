import type { JsonObject } from '../values/json.ts';

/** Groups that a company of this kind has. */
export function groupDrafts(): JsonObject[] {
  const assigned = [
    'SG-Intune-Pilot-Users',
    'SG-Intune-Pilot-Devices',
    'SG-Finance',
    'SG-Reception-Desks',
    'SG-CA-BreakGlass',
    'SG-Admins',
    'SG-External-Consultants',
  ];
  const dynamic: readonly (readonly [string, string])[] = [
    ['DG-Windows-Devices', '(device.deviceOSType -eq "Windows")'],
    ['DG-iOS-Devices', '(device.deviceOSType -eq "iPhone") or (device.deviceOSType -eq "iPad")'],
    ['DG-Autopilot-Devices', '(device.devicePhysicalIDs -any (_ -startsWith "[ZTDid]"))'],
  ];
  return [
    ...assigned.map((displayName) => group(displayName, null)),
    ...dynamic.map(([displayName, rule]) => group(displayName, rule)),
  ];
}

/** Filters, one per platform that has assignments with a filter. */
export function filterDrafts(): JsonObject[] {
  return [
    filter(
      'Corporate Windows devices',
      'windows10AndLater',
      '(device.deviceOwnership -eq "Corporate")',
    ),
    filter('Windows Cloud PCs', 'windows10AndLater', '(device.model -startsWith "Cloud PC")'),
    filter('Corporate iPads', 'iOS', '(device.model -startsWith "iPad")'),
    filter('Macs with Apple silicon', 'macOS', '(device.cpuArchitecture -eq "arm64")'),
  ];
}

/** Scope tags beside the built-in one. */
export function scopeTagDrafts(): JsonObject[] {
  return [
    { displayName: 'Headquarters', description: 'Managed by the central team' },
    { displayName: 'Branch offices', description: 'Managed by the branches' },
  ];
}

/** The tag that every tenant has. */
export const DEFAULT_SCOPE_TAG: JsonObject = {
  id: '0',
  displayName: 'Default',
  description: 'Default role scope tag',
  isBuiltIn: true,
};

function group(displayName: string, membershipRule: string | null): JsonObject {
  return {
    displayName,
    description: null,
    groupTypes: membershipRule === null ? [] : ['DynamicMembership'],
    mail: null,
    mailEnabled: false,
    mailNickname: displayName.toLowerCase().replaceAll(/[^a-z0-9]/g, ''),
    membershipRule,
    membershipRuleProcessingState: membershipRule === null ? null : 'On',
    securityEnabled: true,
  };
}

function filter(displayName: string, platform: string, rule: string): JsonObject {
  return { displayName, description: '', platform, rule };
}
