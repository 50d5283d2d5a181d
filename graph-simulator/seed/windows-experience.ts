import type { JsonObject } from '../values/json.ts';
import { catalogPolicy, choice, text, texts, wholeNumber } from './setting-builders.ts';

const CONFIG = 'device_vendor_msft_policy_config';
const EDGE = `${CONFIG}_microsoft_edgev1~policy~microsoft_edge`;
const ONEDRIVE = `${CONFIG}_onedrivengscv2~policy~onedrivengsc`;
const OFFICE =
  'user_vendor_msft_policy_config_office16v2~policy~l_microsoftofficesystem~l_securitysettings';

/** Browsers, storage, updates and comfort of Windows. */
export function windowsExperience(): JsonObject[] {
  return [edge(), edgeExtensions(), oneDrive(), office(), updates(), ...devices()];
}

function edge(): JsonObject {
  return catalogPolicy({
    name: 'Windows - Edge security',
    settings: [
      choice(`${EDGE}~smartscreen_smartscreenenabled`, 1),
      choice(`${EDGE}~smartscreen_smartscreenpuaenabled`, 1),
      choice(`${EDGE}~smartscreen_preventsmartscreenpromptoverride`, 1),
      choice(`${EDGE}~passwordmanager_passwordmanagerenabled`, 0),
      choice(`${EDGE}_sslversionmin`, 1, [choice(`${EDGE}_sslversionmin_sslversionmin`, 'tls1.2')]),
      choice(`${EDGE}_browsersignin`, 1, [choice(`${EDGE}_browsersignin_browsersignin`, 2)]),
      choice(`${EDGE}_hidefirstrunexperience`, 1),
      choice(`${EDGE}~startup_homepagelocation`, 1, [
        text(`${EDGE}~startup_homepagelocation_homepagelocation`, 'https://intranet.example/'),
      ]),
    ],
  });
}

function edgeExtensions(): JsonObject {
  const list = `${EDGE}~extensions_extensioninstallforcelist`;
  return catalogPolicy({
    name: 'Windows - Edge extensions',
    settings: [
      choice(`${EDGE}~extensions_extensioninstallblocklist`, 1, [
        texts(`${EDGE}~extensions_extensioninstallblocklist_extensioninstallblocklistdesc`, ['*']),
      ]),
      choice(list, 1, [
        texts(`${list}_extensioninstallforcelistdesc`, [
          'odfafepnkmbhccpbejgmiehpchacaeak',
          'bkbeeeffjjeopflfhgeknacdieedcoml',
        ]),
      ]),
    ],
  });
}

function oneDrive(): JsonObject {
  return catalogPolicy({
    name: 'Windows - OneDrive known folder move',
    settings: [
      choice(`${ONEDRIVE}_silentaccountconfig`, 1),
      choice(`${ONEDRIVE}_kfmoptinnowizard`, 1, [
        text(`${ONEDRIVE}_kfmoptinnowizard_kfmoptinnowizard_textbox`, '{tenantid}'),
      ]),
      choice(`${ONEDRIVE}_kfmblockoptout`, 1),
      choice(`${ONEDRIVE}_filesondemandenabled`, 1),
    ],
  });
}

function office(): JsonObject {
  return catalogPolicy({
    name: 'Windows - Microsoft 365 Apps security',
    settings: [
      choice(`${OFFICE}_l_disablevbaforofficeapplications`, 0),
      choice(`${OFFICE}_l_blockmacrosfrominternet`, 1),
      choice(`${OFFICE}_l_encryptiontypeforpasswordprotectedofficeopenxmlfiles`, 1),
    ],
  });
}

function updates(): JsonObject {
  return catalogPolicy({
    name: 'Windows - Delivery optimization and restarts',
    settings: [
      choice(`${CONFIG}_deliveryoptimization_dodownloadmode`, 1),
      wholeNumber(`${CONFIG}_deliveryoptimization_domaxcachesize`, 20),
      choice(`${CONFIG}_update_allowautoupdate`, 1),
      wholeNumber(`${CONFIG}_update_activehoursstart`, 7),
      wholeNumber(`${CONFIG}_update_activehoursend`, 19),
    ],
  });
}

function devices(): JsonObject[] {
  return [
    catalogPolicy({
      name: 'Windows - Screen lock',
      settings: [
        wholeNumber(`${CONFIG}_devicelock_maxinactivitytimedevicelock`, 10),
        wholeNumber(`${CONFIG}_devicelock_mindevicepasswordlength`, 12),
        choice(`${CONFIG}_devicelock_devicepasswordenabled`, 0),
      ],
    }),
    catalogPolicy({
      name: 'Windows - Removable storage is read only',
      settings: [choice(`${CONFIG}_storage_removablediskdenywriteaccess`, 1)],
    }),
    catalogPolicy({
      name: 'Windows - Time zone and language',
      settings: [
        text(`${CONFIG}_timelanguagesettings_configuretimezone`, 'W. Europe Standard Time'),
        choice(`${CONFIG}_privacy_disableprivacyexperience`, 1),
      ],
    }),
    catalogPolicy({
      name: 'Windows - Start menu and taskbar',
      description: 'Reception desks and shared rooms.',
      settings: [
        choice(`${CONFIG}_start_hiderecentlyaddedapps`, 1),
        choice(`${CONFIG}_start_hidepowerbutton`, 0),
        choice(`${CONFIG}_experience_configurechaticonvisibilityonthetaskbar`, 3),
      ],
    }),
    catalogPolicy({
      name: 'Windows - Turn off Copilot and Recall',
      settings: [
        choice('user_vendor_msft_policy_config_windowsai_turnoffwindowscopilot', 1),
        choice(`${CONFIG}_windowsai_allowrecallenablement`, 0),
        choice(`${CONFIG}_windowsai_disableaidataanalysis`, 1),
      ],
    }),
  ];
}
