import type { JsonObject } from '../values/json.ts';
import { catalogPolicy, choice, wholeNumber } from './setting-builders.ts';

/** One compliance policy per platform and a stricter one for Windows. */
export function deviceComplianceDrafts(): JsonObject[] {
  return [
    compliance('windows10CompliancePolicy', 'Windows - Compliance', windowsRules(true), 12),
    compliance('iosCompliancePolicy', 'iOS - Compliance', phoneRules(), 24),
    compliance('androidWorkProfileCompliancePolicy', 'Android - Compliance work profile', {
      passwordRequired: true,
      passwordMinimumLength: 6,
      securityBlockJailbrokenDevices: true,
      storageRequireEncryption: true,
      osMinimumVersion: '13',
    }),
    compliance('macOSCompliancePolicy', 'macOS - Compliance', {
      storageRequireEncryption: true,
      systemIntegrityProtectionEnabled: true,
      firewallEnabled: true,
      gatekeeperAllowedAppSource: 'macAppStoreAndIdentifiedDevelopers',
      osMinimumVersion: '14.0',
    }),
    compliance('androidDeviceOwnerCompliancePolicy', 'Android - Compliance fully managed', {
      passwordRequired: true,
      passwordMinimumLength: 6,
      storageRequireEncryption: true,
      deviceThreatProtectionEnabled: false,
    }),
    compliance('windows10CompliancePolicy', 'Windows - Compliance for admins', windowsRules(false)),
  ];
}

/** Linux has compliance policies made of settings. */
export function linuxComplianceDrafts(): JsonObject[] {
  const policy = catalogPolicy({
    name: 'Linux - Compliance',
    platforms: 'linux',
    technologies: 'linuxMdm',
    settings: [
      choice('linux_deviceencryption_required', 'true'),
      wholeNumber('linux_passwordpolicy_minimumlength', 12),
      choice('linux_distribution_alloweddistros', 'ubuntu'),
    ],
  });
  const { templateReference: _unused, ...withoutTemplate } = policy;
  return [{ ...withoutTemplate, scheduledActionsForRule: [blockRule(0)] }];
}

function compliance(
  type: string,
  displayName: string,
  rules: JsonObject,
  graceHours = 0,
): JsonObject {
  return {
    '@odata.type': `#microsoft.graph.${type}`,
    displayName,
    description: null,
    ...rules,
    scheduledActionsForRule: [blockRule(graceHours)],
  };
}

function blockRule(gracePeriodHours: number): JsonObject {
  const block = {
    gracePeriodHours,
    actionType: 'block',
    notificationTemplateId: '',
    notificationMessageCCList: [],
  };
  const notify = { ...block, actionType: 'retire', gracePeriodHours: 30 * 24 };
  return { ruleName: null, scheduledActionConfigurations: [block, notify] };
}

function windowsRules(isEveryday: boolean): JsonObject {
  return {
    bitLockerEnabled: true,
    secureBootEnabled: true,
    codeIntegrityEnabled: !isEveryday,
    storageRequireEncryption: true,
    activeFirewallRequired: true,
    antivirusRequired: true,
    defenderEnabled: true,
    rtpEnabled: true,
    osMinimumVersion: isEveryday ? '10.0.22631.0' : '10.0.26100.0',
    passwordRequired: false,
    passwordRequiredType: 'deviceDefault',
    validOperatingSystemBuildRanges: [],
  };
}

function phoneRules(): JsonObject {
  return {
    passcodeRequired: true,
    passcodeBlockSimple: true,
    passcodeMinimumLength: 6,
    securityBlockJailbrokenDevices: true,
    osMinimumVersion: '17.5',
    restrictedApps: [],
  };
}
