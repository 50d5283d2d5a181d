import { expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import { planCreate, planUpdate } from '../writing/plan-steps.ts';
import { findMarkers, placeMarkers, secretMarker } from './place-markers.ts';

const CHOICES = {
  withAssignments: true,
  namePrefix: '',
  conditionalAccessState: 'disabled',
} as const;
const ID = '0198f000-0000-7000-8000-000000000001';
const OTHER = '0198f000-0000-7000-8000-000000000002';

const custom = (...omaSettings: JsonObject[]): JsonObject => ({
  '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
  displayName: 'Custom',
  omaSettings,
});
const hidden = (omaUri: string): JsonObject => ({
  '@odata.type': '#microsoft.graph.omaSettingString',
  omaUri,
  isEncrypted: true,
  secretReferenceValueId: `reference of ${omaUri}`,
});

test('each hidden value that a request carries gets its marker', () => {
  const saved = custom({ omaUri: './a', isEncrypted: false, value: 1 }, hidden('./b'));
  const steps = planCreate('deviceConfiguration', saved, CHOICES);
  const entered = new Map([['omaSettings[1]', ID]]);
  const marked = placeMarkers('deviceConfiguration', saved, steps, entered);
  expect(marked).toMatchObject({ needed: ['omaSettings[1]'], missing: [] });
  expect(marked.steps[0]?.body['omaSettings']).toEqual([
    { omaUri: './a', isEncrypted: false, value: 1 },
    {
      '@odata.type': '#microsoft.graph.omaSettingString',
      omaUri: './b',
      value: secretMarker(ID),
    },
  ]);
});

test('without all its values nothing of it may be sent', () => {
  const saved = custom(hidden('./a'), hidden('./b'));
  const steps = planCreate('deviceConfiguration', saved, CHOICES);
  const entered = new Map([['omaSettings[1]', ID]]);
  expect(placeMarkers('deviceConfiguration', saved, steps, entered)).toMatchObject({
    needed: ['omaSettings[0]', 'omaSettings[1]'],
    missing: ['omaSettings[0]'],
  });
});

test('a request that does not touch them needs none', () => {
  const saved = custom(hidden('./a'));
  const live = { ...saved, description: 'now' };
  const steps = planUpdate('deviceConfiguration', live, { ...saved, description: '' }, CHOICES);
  expect(steps).toHaveLength(1);
  expect(placeMarkers('deviceConfiguration', saved, steps, new Map())).toEqual({
    steps,
    needed: [],
    missing: [],
  });
});

test('a value does not move to another setting that took its place', () => {
  const saved = custom(hidden('./a'), hidden('./b'));
  const turned = custom(hidden('./b'), hidden('./a'));
  const steps = planCreate('deviceConfiguration', turned, CHOICES);
  const entered = new Map([
    ['omaSettings[0]', ID],
    ['omaSettings[1]', OTHER],
  ]);
  const marked = placeMarkers('deviceConfiguration', saved, steps, entered);
  expect(marked.missing).toEqual(['omaSettings[0]', 'omaSettings[1]']);
  expect(findMarkers(marked.steps[0]?.body ?? null)).toEqual([]);
});

test('a secret of the settings catalog says that it is not encrypted', () => {
  const secret = { valueState: 'encryptedValueToken', value: 'token of this tenant' };
  const saved = {
    name: 'Catalog',
    settings: [{ settingInstance: { settingDefinitionId: 'a', simpleSettingValue: secret } }],
  };
  const place = 'settings[0].settingInstance.simpleSettingValue';
  const steps = planCreate('configurationPolicy', saved, CHOICES);
  const marked = placeMarkers('configurationPolicy', saved, steps, new Map([[place, ID]]));
  expect(marked.steps[0]?.body['settings']).toMatchObject([
    {
      settingInstance: {
        simpleSettingValue: { valueState: 'notEncrypted', value: secretMarker(ID) },
      },
    },
  ]);
});

test('a pre-shared key belongs to the policy itself', () => {
  const saved = {
    '@odata.type': '#microsoft.graph.iosWiFiConfiguration',
    displayName: 'Guests',
    wiFiSecurityType: 'wpaPersonal',
  };
  const steps = planCreate('deviceConfiguration', saved, CHOICES);
  const marked = placeMarkers('deviceConfiguration', saved, steps, new Map([['', ID]]));
  expect(marked.steps[0]?.body).toEqual({ ...saved, preSharedKey: secretMarker(ID) });
});

test('only what looks exactly like a marker is one', () => {
  expect(findMarkers({ a: [secretMarker(ID)], b: `see ${secretMarker(ID)}`, c: 1 })).toEqual([
    secretMarker(ID),
  ]);
});
