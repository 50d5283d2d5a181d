import { expect, test } from 'vitest';
import { findMaskedSecrets, findUpdateObstacles } from './obstacles.ts';

test('hidden values are named by their places', () => {
  const body = {
    omaSettings: [
      { omaUri: './a', isEncrypted: false, value: 'x' },
      { omaUri: './b', isEncrypted: true },
    ],
  };
  expect(findMaskedSecrets('deviceConfiguration', body)).toEqual(['omaSettings[1]']);
  expect(findMaskedSecrets('deviceConfiguration', { displayName: 'x' })).toEqual([]);
});

test('a personal Wi-Fi network hides its key, also once the placeholder has gone', () => {
  const profile = { displayName: 'Office', wiFiSecurityType: 'wpa2Personal' };
  expect(findMaskedSecrets('deviceConfiguration', profile)).toEqual(['']);
  const open = { ...profile, wiFiSecurityType: 'open' };
  expect(findMaskedSecrets('deviceConfiguration', open)).toEqual([]);
});

test('a secret of the settings catalog is found at any depth', () => {
  const secret = { valueState: 'encryptedValueToken', value: 'token' };
  const child = { settingDefinitionId: 'b', simpleSettingValue: secret };
  const body = {
    settings: [{ settingInstance: { choiceSettingValue: { children: [child] } } }],
  };
  expect(findMaskedSecrets('configurationPolicy', body)).toEqual([
    'settings[0].settingInstance.choiceSettingValue.children[0].simpleSettingValue',
  ]);
});

test.each([
  ['assignmentFilter', { platform: 'iOS' }, { platform: 'macOS' }, ['platform']],
  ['namedLocation', { '@odata.type': 'ip' }, { '@odata.type': 'country' }, ['@odata.type']],
  [
    'configurationPolicy',
    { platforms: 'macOS', templateReference: { templateId: 'a' } },
    { platforms: 'macOS', templateReference: { templateId: 'b' } },
    ['templateReference.templateId'],
  ],
  ['conditionalAccessPolicy', { state: 'enabled' }, { state: 'disabled' }, []],
] as const)('%s: what was made otherwise stays otherwise', (type, live, saved, expected) => {
  expect(findUpdateObstacles(type, live, saved)).toEqual(expected);
});
