import { expect, test } from 'vitest';
import { sideSchema } from './side.ts';

const ID = '01a2096d-70f6-790b-aad7-946390678e1d';

test.each([
  ['live:BitLocker', { kind: 'live', policy: 'BitLocker' }],
  ['policy:a: b@c', { kind: 'version', policy: 'a: b@c', number: null }],
  ['version:me@home@12', { kind: 'version', policy: 'me@home', number: 12 }],
  [`version:${ID}`, { kind: 'versionId', id: ID }],
  [`version:${ID}@2`, { kind: 'version', policy: ID, number: 2 }],
  [`backup:${ID}`, { kind: 'backup', id: ID }],
  ['tenant:Contoso', { kind: 'tenant', tenant: 'Contoso' }],
])('%s is understood', (text, side) => {
  expect(sideSchema.parse(text)).toEqual(side);
});

test.each(['BitLocker', 'live:', 'backup:Nightly', 'version:BitLocker', 'version:x@0', 'group:x'])(
  '%s is not',
  (text) => {
    expect(sideSchema.safeParse(text).success).toBe(false);
  },
);
