import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId, tenantIdSchema } from '../kernel/ids.ts';
import { Secret } from '../kernel/secret.ts';
import { openSealedBytes, type SealedPlace, sealBytes } from './seal.ts';

const KEY = new Secret(Buffer.alloc(32, 1));
const PLACE: SealedPlace = {
  tenantId: newId(tenantIdSchema),
  rowId: 'row',
  column: 'connections.sealed_credential',
  kind: 'secret',
};

test('what was sealed opens in its place, whatever it is', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const plain = Buffer.from(bytes);
      const sealed = sealBytes(KEY, PLACE, new Secret(plain));
      expect(openSealedBytes(KEY, PLACE, sealed).reveal()).toEqual(plain);
    }),
  );
});

test.each([
  ['tenant', { tenantId: newId(tenantIdSchema) }],
  ['row', { rowId: 'another' }],
  ['column', { column: 'tenant_keys.wrapped' }],
  ['kind', { kind: 'certificate' }],
])('in another %s it does not open', (_what, other) => {
  const sealed = sealBytes(KEY, PLACE, new Secret(Buffer.from('hush')));
  expect(() => openSealedBytes(KEY, { ...PLACE, ...other }, sealed)).toThrow(
    expect.objectContaining({ code: 'sealed.refused' }),
  );
});

test('parts of a place cannot be shifted into each other', () => {
  const sealed = sealBytes(KEY, { ...PLACE, rowId: 'a,b' }, new Secret(Buffer.from('hush')));
  const shifted = { ...PLACE, rowId: 'a', column: `b,${PLACE.column}` };
  expect(() => openSealedBytes(KEY, shifted, sealed)).toThrow(
    expect.objectContaining({ code: 'sealed.refused' }),
  );
});

test('no bit of it can be altered, and none can be cut off', () => {
  const sealed = sealBytes(KEY, PLACE, new Secret(Buffer.from('hush')));
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const altered = Buffer.from(sealed);
    altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(() => openSealedBytes(KEY, PLACE, altered)).toThrow('cannot be opened');
  }
  for (let length = 0; length < sealed.length; length += 1) {
    expect(() => openSealedBytes(KEY, PLACE, sealed.subarray(0, length))).toThrow(
      'cannot be opened',
    );
  }
});

test('another key opens nothing, and two seals of one value differ', () => {
  const seal = () => sealBytes(KEY, PLACE, new Secret(Buffer.from('hush')));
  const other = new Secret(Buffer.alloc(32, 2));
  expect(() => openSealedBytes(other, PLACE, seal())).toThrow('cannot be opened');
  expect(seal()).not.toEqual(seal());
});

test('what is opened does not print', () => {
  const sealed = sealBytes(KEY, PLACE, new Secret(Buffer.from('hush')));
  expect(JSON.stringify({ opened: openSealedBytes(KEY, PLACE, sealed) })).toBe(
    '{"opened":"[secret]"}',
  );
});
