import { expect, test } from 'vitest';
import type { WriteStep } from '../../graph/writing/write-step.ts';
import { warnOfRights } from './warn-of-rights.ts';

const STEP: WriteStep = { name: 'create', method: 'POST', path: '/x', body: {}, isCreate: true };

test('without an application that may write, each item that is written says so', () => {
  expect(warnOfRights('namedLocation', [STEP], undefined)).toEqual([
    { code: 'restore.write_registration_missing' },
  ]);
  expect(warnOfRights('namedLocation', [], undefined)).toEqual([]);
});

test('each permission that it lacks is named, and none when nobody has looked', () => {
  const granted = ['Policy.Read.All'];
  expect(warnOfRights('namedLocation', [STEP], { granted })).toEqual([
    {
      code: 'restore.permission_missing',
      kind: 'permission',
      id: 'Policy.ReadWrite.ConditionalAccess',
    },
  ]);
  expect(warnOfRights('namedLocation', [], { granted: [] })).toEqual([]);
  expect(warnOfRights('namedLocation', [STEP], { granted: null })).toEqual([]);
});
