import type { JsonObject } from '../values/json.ts';
import { catalogPolicy, choice, group, text, texts, wholeNumber } from './setting-builders.ts';

const BITLOCKER = 'device_vendor_msft_bitlocker';
const DEFENDER = 'device_vendor_msft_policy_config_defender';
const ASR = `${DEFENDER}_attacksurfacereductionrules`;
const FIREWALL = 'vendor_msft_firewall_mdmstore';
const HELLO = 'device_vendor_msft_passportforwork_{tenantid}_policies';
const LAPS = 'device_vendor_msft_laps_policies';
const DISK_ENCRYPTION = {
  id: '46ddfc50-d10f-4867-b852-9434254b3bff_1',
  family: 'endpointSecurityDiskEncryption',
  title: 'BitLocker',
};
const ANTIVIRUS = {
  id: '804339ad-1553-4478-a742-138fb5807418_1',
  family: 'endpointSecurityAntivirus',
  title: 'Microsoft Defender Antivirus',
};
const EXCLUSIONS = {
  ...ANTIVIRUS,
  id: '45fea5e9-280d-4da1-9792-fb5736da0ca9_1',
  title: 'Microsoft Defender Antivirus exclusions',
};

/** Endpoint security of Windows; the first one is what the demo weakens. */
export function windowsSecurity(): JsonObject[] {
  return [bitLocker(), antivirus(), exclusions(), attackSurface(), firewall(), ...identity()];
}

function bitLocker(): JsonObject {
  const drives = `${BITLOCKER}_encryptionmethodbydrivetype_encryptionmethodwithxts`;
  const recovery = `${BITLOCKER}_systemdrivesrecoveryoptions_os`;
  const fixed = `${BITLOCKER}_fixeddrivesrecoveryoptions_fdv`;
  return catalogPolicy({
    name: 'Windows - BitLocker disk encryption',
    description: 'Encrypts system and data drives silently, keys are kept in Entra ID.',
    template: DISK_ENCRYPTION,
    settings: [
      choice(`${BITLOCKER}_requiredeviceencryption`, 1),
      choice(`${BITLOCKER}_allowwarningforotherdiskencryption`, 0, [
        choice(`${BITLOCKER}_allowstandarduserencryption`, 1),
      ]),
      choice(`${BITLOCKER}_configurerecoverypasswordrotation`, 1),
      choice(`${BITLOCKER}_encryptionmethodbydrivetype`, 1, [
        choice(`${drives}osdropdown_name`, 7),
        choice(`${drives}fdvdropdown_name`, 7),
        choice(`${drives}rdvdropdown_name`, 4),
      ]),
      choice(`${BITLOCKER}_systemdrivesencryptiontype`, 1, [
        choice(`${BITLOCKER}_systemdrivesencryptiontype_osencryptiontypedropdown_name`, 1),
      ]),
      choice(`${BITLOCKER}_systemdrivesrequirestartupauthentication`, 1, [
        choice(`${BITLOCKER}_systemdrivesrequirestartupauthentication_configuretpmusage_name`, 2),
      ]),
      choice(`${BITLOCKER}_systemdrivesrecoveryoptions`, 1, [
        choice(`${recovery}requireactivedirectorybackup_name`, 1),
        choice(`${recovery}recoverykeyusagedropdown_name`, 2),
        choice(`${recovery}hiderecoverypage_name`, 1),
      ]),
      choice(`${BITLOCKER}_fixeddrivesrecoveryoptions`, 1, [
        choice(`${fixed}requireactivedirectorybackup_name`, 1),
        choice(`${fixed}allowdra_name`, 0),
      ]),
    ],
  });
}

function antivirus(): JsonObject {
  return catalogPolicy({
    name: 'Windows - Defender Antivirus',
    template: ANTIVIRUS,
    technologies: 'mdm,microsoftSense',
    settings: [
      choice(`${DEFENDER}_allowrealtimemonitoring`, 1),
      choice(`${DEFENDER}_allowbehaviormonitoring`, 1),
      choice(`${DEFENDER}_allowcloudprotection`, 1),
      choice(`${DEFENDER}_allowarchivescanning`, 1),
      choice(`${DEFENDER}_allowemailscanning`, 1),
      choice(`${DEFENDER}_allowscriptscanning`, 1),
      choice(`${DEFENDER}_cloudblocklevel`, 2),
      wholeNumber(`${DEFENDER}_cloudextendedtimeout`, 50),
      choice(`${DEFENDER}_enablenetworkprotection`, 1),
      choice(`${DEFENDER}_puaprotection`, 1),
      choice(`${DEFENDER}_scanparameter`, 1),
      choice(`${DEFENDER}_schedulescanday`, 4),
      wholeNumber(`${DEFENDER}_signatureupdateinterval`, 4),
      choice(`${DEFENDER}_submitsamplesconsent`, 1),
      choice('device_vendor_msft_defender_configuration_tamperprotection', 'options_0'),
    ],
  });
}

function exclusions(): JsonObject {
  return catalogPolicy({
    name: 'Windows - Defender exclusions for line-of-business apps',
    template: EXCLUSIONS,
    settings: [
      texts(`${DEFENDER}_excludedpaths`, ['C:\\ProgramData\\ClinicSuite', 'D:\\Imaging\\Cache']),
      texts(`${DEFENDER}_excludedprocesses`, ['C:\\Program Files\\ClinicSuite\\suite.exe']),
      texts(`${DEFENDER}_excludedextensions`, ['dcm']),
    ],
  });
}

function attackSurface(): JsonObject {
  const rules = [
    'blockadobereaderfromcreatingchildprocesses',
    'blockallofficeapplicationsfromcreatingchildprocesses',
    'blockcredentialstealingfromwindowslocalsecurityauthoritysubsystem',
    'blockexecutablecontentfromemailclientandwebmail',
    'blockjavascriptorvbscriptfromlaunchingdownloadedexecutablecontent',
    'blockpersistencethroughwmieventsubscription',
    'blockuntrustedunsignedprocessesthatrunfromusb',
    'useadvancedprotectionagainstransomware',
  ];
  return catalogPolicy({
    name: 'Windows - Attack surface reduction rules',
    template: {
      id: 'e8c053d6-9f95-42b1-a7f1-ebfd71c67a4b_1',
      family: 'endpointSecurityAttackSurfaceReduction',
      title: 'Attack Surface Reduction Rules',
    },
    settings: [
      group(ASR, [rules.map((rule, at) => choice(`${ASR}_${rule}`, at === 6 ? 'audit' : 'block'))]),
      choice(`${DEFENDER}_enablecontrolledfolderaccess`, 2),
    ],
  });
}

function firewall(): JsonObject {
  const profiles = ['domainprofile', 'privateprofile', 'publicprofile'];
  return catalogPolicy({
    name: 'Windows - Defender Firewall',
    template: {
      id: '6078910e-d808-4a9f-a51d-1b8a7bacb7c0_1',
      family: 'endpointSecurityFirewall',
      title: 'Windows Firewall',
    },
    settings: profiles.map((profile) =>
      choice(`${FIREWALL}_${profile}_enablefirewall`, 'true', [
        choice(`${FIREWALL}_${profile}_defaultinboundaction`, 1),
        choice(`${FIREWALL}_${profile}_enablelogdroppedpackets`, 'true'),
        text(
          `${FIREWALL}_${profile}_logfilepath`,
          '%systemroot%\\system32\\logfiles\\pfirewall.log',
        ),
      ]),
    ),
  });
}

function identity(): JsonObject[] {
  return [
    catalogPolicy({
      name: 'Windows - Windows Hello for Business',
      settings: [
        choice(`${HELLO}_usepassportforwork`, 'true'),
        choice(`${HELLO}_requiresecuritydevice`, 'true'),
        wholeNumber(`${HELLO}_pincomplexity_minimumpinlength`, 6),
        wholeNumber(`${HELLO}_pincomplexity_expiration`, 0),
        choice('device_vendor_msft_passportforwork_biometrics_usebiometrics', 'true'),
      ],
    }),
    catalogPolicy({
      name: 'Windows - Local administrator passwords (LAPS)',
      template: {
        id: 'adc46e5a-f4aa-4ff6-aeff-4f27bc525796_1',
        family: 'endpointSecurityAccountProtection',
        title: 'Local admin password solution (Windows LAPS)',
      },
      settings: [
        choice(`${LAPS}_backupdirectory`, 1, [wholeNumber(`${LAPS}_passwordagedays_aad`, 14)]),
        choice(`${LAPS}_passwordcomplexity`, 4),
        wholeNumber(`${LAPS}_passwordlength`, 20),
        choice(`${LAPS}_postauthenticationactions`, 3),
        wholeNumber(`${LAPS}_postauthenticationresetdelay`, 4),
      ],
    }),
    catalogPolicy({
      name: 'Windows - Credential Guard',
      settings: [
        choice('device_vendor_msft_policy_config_deviceguard_lsacfgflags', 1),
        choice('device_vendor_msft_policy_config_deviceguard_enablevirtualizationbasedsecurity', 1),
        choice('device_vendor_msft_policy_config_deviceguard_requireplatformsecurityfeatures', 3),
      ],
    }),
  ];
}
