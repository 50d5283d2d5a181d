import { expect, test } from 'vitest';
import type { PolicyType } from '../contracts/list.ts';
import { findHiddenPlaces, formToSend } from './hidden-places.ts';

const placesIn = (type: PolicyType, body: Parameters<typeof findHiddenPlaces>[1]) =>
  findHiddenPlaces(type, body).map(({ place }) => place);

test('hidden values are named by their places', () => {
  const body = {
    omaSettings: [
      { omaUri: './a', isEncrypted: false, value: 'x' },
      { omaUri: './b', isEncrypted: true },
    ],
  };
  expect(placesIn('deviceConfiguration', body)).toEqual(['omaSettings[1]']);
  expect(placesIn('deviceConfiguration', { displayName: 'x' })).toEqual([]);
});

test.each(['wiFiSecurityType', 'wifiSecurityType'])(
  'a personal Wi-Fi network hides its key, also once the placeholder has gone: %s',
  (property) => {
    const profile = { displayName: 'Office', [property]: 'wpa2Personal' };
    expect(placesIn('deviceConfiguration', profile)).toEqual(['']);
    expect(placesIn('deviceConfiguration', { ...profile, [property]: 'open' })).toEqual([]);
  },
);

test('a secret of the settings catalog is found at any depth', () => {
  const secret = { valueState: 'encryptedValueToken', value: 'token' };
  const child = { settingDefinitionId: 'b', simpleSettingValue: secret };
  const body = {
    settings: [{ settingInstance: { choiceSettingValue: { children: [child] } } }],
  };
  expect(placesIn('configurationPolicy', body)).toEqual([
    'settings[0].settingInstance.choiceSettingValue.children[0].simpleSettingValue',
  ]);
});

test.each([
  ['String', 'ä'],
  ['StringXml', Buffer.from('ä').toString('base64')],
])('an OMA-URI value is sent as its kind wants it: %s', (kind, sent) => {
  const setting = { '@odata.type': `#microsoft.graph.omaSetting${kind}`, isEncrypted: true };
  const [hidden] = findHiddenPlaces('deviceConfiguration', { omaSettings: [setting] });
  expect(hidden && formToSend(hidden, 'ä')).toBe(sent);
});
