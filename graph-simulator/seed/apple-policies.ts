import type { JsonObject } from '../values/json.ts';
import { catalogPolicy, choice, group, text, wholeNumber } from './setting-builders.ts';

const MACOS = { platforms: 'macOS', technologies: 'mdm,appleRemoteManagement' };
const VAULT = 'com.apple.mcx.filevault2';

/** Settings catalog policies of macOS and iOS. */
export function applePolicies(): JsonObject[] {
  return [
    catalogPolicy({
      ...MACOS,
      name: 'macOS - FileVault',
      settings: [
        group(`${VAULT}_com.apple.mcx.filevault2`, [
          [
            choice(`${VAULT}_enable`, 0),
            choice(`${VAULT}_defer`, 'true'),
            choice(`${VAULT}_showrecoverykey`, 'false'),
            wholeNumber(`${VAULT}_recoverykeyrotationinmonths`, 6),
          ],
        ]),
      ],
    }),
    catalogPolicy({
      ...MACOS,
      name: 'macOS - Gatekeeper and firewall',
      settings: [
        choice('com.apple.systempolicy.control_enableassessment', 'true'),
        choice('com.apple.systempolicy.control_allowidentifieddevelopers', 'true'),
        choice('com.apple.security.firewall_enablefirewall', 'true'),
        choice('com.apple.security.firewall_enablestealthmode', 'true'),
      ],
    }),
    catalogPolicy({
      ...MACOS,
      name: 'macOS - Login window',
      settings: [
        text('com.apple.loginwindow_loginwindowtext', 'Property of the practice.'),
        choice('com.apple.loginwindow_disableconsoleaccess', 'true'),
      ],
    }),
    catalogPolicy({
      platforms: 'iOS',
      technologies: 'mdm,appleRemoteManagement',
      name: 'iOS - Restrictions for shared iPads',
      settings: [
        choice('com.apple.applicationaccess_allowairdrop', 'false'),
        choice('com.apple.applicationaccess_allowappinstallation', 'false'),
        choice('com.apple.applicationaccess_forceencryptedbackup', 'true'),
      ],
    }),
  ];
}
