import type { JsonObject } from '../values/json.ts';

const OMA = '#microsoft.graph.omaSetting';

/** Device configurations of several derived types; the second has values that Graph masks. */
export function deviceConfigurationDrafts(): JsonObject[] {
  return [
    updateRing('Windows - Update ring broad', 7, 14),
    customWithSecret(),
    updateRing('Windows - Update ring pilot', 0, 0),
    iosRestrictions(),
    androidWorkProfile(),
    wifi(),
    macosCustom(),
    deliveryOptimization(),
  ];
}

function updateRing(displayName: string, quality: number, feature: number): JsonObject {
  return {
    '@odata.type': '#microsoft.graph.windowsUpdateForBusinessConfiguration',
    displayName,
    description: null,
    deliveryOptimizationMode: 'userDefined',
    prereleaseFeatures: 'userDefined',
    automaticUpdateMode: 'windowsDefault',
    microsoftUpdateServiceAllowed: true,
    driversExcluded: false,
    qualityUpdatesDeferralPeriodInDays: quality,
    featureUpdatesDeferralPeriodInDays: feature,
    qualityUpdatesPaused: false,
    featureUpdatesPaused: false,
    businessReadyUpdatesOnly: 'businessReadyOnly',
    deadlineForQualityUpdatesInDays: 3,
    deadlineForFeatureUpdatesInDays: 5,
    deadlineGracePeriodInDays: 2,
    installationSchedule: null,
  };
}

function customWithSecret(): JsonObject {
  return {
    '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
    displayName: 'Windows - Custom: VPN and device tag',
    description: 'Settings that no catalog offers.',
    omaSettings: [
      {
        '@odata.type': `${OMA}String`,
        displayName: 'Device tag',
        description: null,
        omaUri: './Device/Vendor/MSFT/WindowsAdvancedThreatProtection/DeviceTagging/Group',
        secretReferenceValueId: null,
        isEncrypted: false,
        value: 'Reception',
      },
      {
        '@odata.type': `${OMA}String`,
        displayName: 'VPN pre-shared key',
        description: 'Masked by Graph.',
        omaUri: './Device/Vendor/MSFT/VPNv2/Practice/NativeProfile/L2tpPsk',
        isEncrypted: true,
        value: 'made-up-pre-shared-key',
      },
      {
        '@odata.type': `${OMA}StringXml`,
        displayName: 'EAP configuration',
        description: null,
        omaUri: './Device/Vendor/MSFT/VPNv2/Practice/NativeProfile/Authentication/Eap',
        fileName: 'eap.xml',
        isEncrypted: true,
        value: Buffer.from('<EapHostConfig><made-up/></EapHostConfig>').toString('base64'),
      },
      {
        '@odata.type': `${OMA}Integer`,
        displayName: 'Always on',
        description: null,
        omaUri: './Device/Vendor/MSFT/VPNv2/Practice/AlwaysOn',
        secretReferenceValueId: null,
        isEncrypted: false,
        value: 1,
        isReadOnly: false,
      },
    ],
  };
}

function iosRestrictions(): JsonObject {
  return {
    '@odata.type': '#microsoft.graph.iosGeneralDeviceConfiguration',
    displayName: 'iOS - Device restrictions',
    description: null,
    passcodeRequired: true,
    passcodeMinimumLength: 6,
    passcodeBlockSimple: true,
    iCloudBlockBackup: true,
    airDropForceUnmanagedDropTarget: true,
    compliantAppsList: [],
    appsVisibilityList: [],
    deviceBlockEraseContentAndSettings: true,
  };
}

function androidWorkProfile(): JsonObject {
  return {
    '@odata.type': '#microsoft.graph.androidWorkProfileGeneralDeviceConfiguration',
    displayName: 'Android - Work profile restrictions',
    description: null,
    workProfileDataSharingType: 'preventAny',
    workProfileBlockScreenCapture: true,
    workProfileRequirePassword: true,
    workProfilePasswordMinimumLength: 6,
    securityRequireVerifyApps: true,
  };
}

function wifi(): JsonObject {
  return {
    '@odata.type': '#microsoft.graph.windowsWifiEnterpriseEAPConfiguration',
    displayName: 'Windows - Office Wi-Fi',
    description: null,
    preSharedKey: null,
    wifiSecurityType: 'wpa2Enterprise',
    networkName: 'Office',
    ssid: 'OFFICE-SECURE',
    connectAutomatically: true,
    eapType: 'eapTls',
    trustedServerCertificateNames: ['radius.corp.example'],
  };
}

function macosCustom(): JsonObject {
  const profile = '<?xml version="1.0"?><plist version="1.0"><dict/></plist>';
  return {
    '@odata.type': '#microsoft.graph.macOSCustomConfiguration',
    displayName: 'macOS - Notification settings',
    description: null,
    payloadName: 'Notifications',
    payloadFileName: 'notifications.mobileconfig',
    payload: Buffer.from(profile).toString('base64'),
    deploymentChannel: 'deviceChannel',
  };
}

function deliveryOptimization(): JsonObject {
  return {
    '@odata.type': '#microsoft.graph.windowsDeliveryOptimizationConfiguration',
    displayName: 'Windows - Delivery optimization',
    description: null,
    deliveryOptimizationMode: 'httpWithPeeringNat',
    minimumRamAllowedToPeerInGigabytes: 4,
    maximumCacheAgeInDays: 7,
    vpnPeerCaching: 'notConfigured',
    bandwidthMode: {
      '@odata.type': '#microsoft.graph.deliveryOptimizationBandwidthPercentage',
      maximumBackgroundBandwidthPercentage: 40,
      maximumForegroundBandwidthPercentage: 80,
    },
  };
}
