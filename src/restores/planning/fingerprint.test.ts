import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId, tenantIdSchema } from '../../kernel/ids.ts';
import {
  type FingerprintGroup,
  type FingerprintItem,
  type FingerprintParts,
  fingerprintOf,
} from './fingerprint.ts';

const item = (versionId: string): FingerprintItem => ({
  versionId,
  contentHash: 'aa',
  choice: null,
  chosenGraphId: null,
  action: 'update',
  matchGraphId: 'm',
  liveHash: 'bb',
  stepsHash: 'cc',
  secrets: ['place aa'],
});
const group: FingerprintGroup = {
  sourceId: 'g',
  action: 'create',
  graphId: null,
  stepHash: 'dd',
  items: 1,
};
const parts: FingerprintParts = {
  tenantId: newId(tenantIdSchema),
  source: { kind: 'backup', backupId: 'b' },
  selection: {},
  options: { namePrefix: '' },
  mapping: { 'group:a': 'b' },
  connection: { id: 'c', version: 1 },
  writeRegistration: { id: 'w', version: 1 },
  contractsVersion: 'v',
  items: ['1', '2', '3'].map(item),
  groups: [group],
};

test('the order of the items does not matter', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...parts.items], { minLength: 3 }), (items) => {
      expect(fingerprintOf({ ...parts, items })).toBe(fingerprintOf(parts));
    }),
  );
});

test.each<[string, Partial<FingerprintParts>]>([
  ['target', { tenantId: newId(tenantIdSchema) }],
  ['source', { source: { kind: 'backup', backupId: 'another' } }],
  ['selection', { selection: { nameContains: 'a' } }],
  ['option', { options: { namePrefix: 'Copy of ' } }],
  ['mapping', { mapping: { 'group:a': null } }],
  ['connection', { connection: { id: 'd', version: 1 } }],
  ['version of the connection', { connection: { id: 'c', version: 2 } }],
  ['application that writes', { writeRegistration: { id: 'x', version: 1 } }],
  ['version of it', { writeRegistration: { id: 'w', version: 2 } }],
  ['right to write, none,', { writeRegistration: null }],
  ['contracts', { contractsVersion: 'w' }],
  ['an item less', { items: parts.items.slice(1) }],
  ['an item twice', { items: [...parts.items, item('3')] }],
])('another %s gives another fingerprint', (_what, change) => {
  expect(fingerprintOf({ ...parts, ...change })).not.toBe(fingerprintOf(parts));
});

test('so does any part of an item', () => {
  for (const key of Object.keys(item('1'))) {
    const items = [{ ...item('1'), [key]: 'other' }, item('2'), item('3')];
    expect(fingerprintOf({ ...parts, items }), key).not.toBe(fingerprintOf(parts));
  }
});

test('and any part of a group that would be made', () => {
  for (const key of Object.keys(group)) {
    const groups = [{ ...group, [key]: key === 'items' ? 2 : 'other' }];
    expect(fingerprintOf({ ...parts, groups }), key).not.toBe(fingerprintOf(parts));
  }
});
