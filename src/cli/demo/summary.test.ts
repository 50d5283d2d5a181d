import { expect, test } from 'vitest';
import { backupItemSchema } from '../../api/backups.ts';
import { type RunDetail, runDetailSchema } from '../../api/runs.ts';
import { summarise, summaryJson } from './summary.ts';

const ID = '5b1e2f6c-58a4-4f4c-9a57-0c6a1f0e7a01';
const LINKS = { self: '', items: '', version: '' };

function run(seconds: number, failed: number): RunDetail {
  const began = new Date('2026-01-01T00:00:00.000Z');
  const at = began.toISOString();
  return runDetailSchema.parse({
    id: ID,
    type: 't',
    title: 'T',
    target: 'x',
    phase: 'ended',
    outcome: 'partial',
    reason: null,
    counts: { total: 5, succeeded: 4, skipped: 0, failed, unknown: 0 },
    plannedAt: at,
    graph: { calls: 7, callsSaved: 0, throttled: 2 },
    initiator: { kind: 'token', label: 'D' },
    connectionId: null,
    policyId: null,
    backupId: null,
    createdAt: at,
    runAt: at,
    startedAt: at,
    endedAt: new Date(began.getTime() + seconds * 1_000).toISOString(),
    cancelRequestedAt: null,
    revision: '1',
    links: LINKS,
    input: {},
  });
}

function item(type: string, isNew: boolean) {
  return backupItemSchema.parse({
    policyId: ID,
    type,
    name: 'P',
    versionId: ID,
    versionNumber: 1,
    contentHash: 'h',
    isNew,
    metadataOnly: false,
    secretValuesMissing: false,
    links: LINKS,
  });
}

test('a tenant is summed up over its runs and backups', () => {
  const first = [item('a', true), item('a', true), item('b', false)];
  const summary = summarise('T', [run(1.25, 0), run(2, 1)], first, (type) => `<${type}>`);
  expect(summary).toMatchObject({
    policies: 3,
    new: 2,
    unchanged: 1,
    failed: 1,
    seconds: 3.3,
    graphCalls: 14,
    throttled: 4,
  });
  expect([...summary.byType]).toEqual([
    ['<a>', 2],
    ['<b>', 1],
  ]);
  expect(Object.keys(summaryJson(true, [summary]))).toEqual(['ok', 'tenants']);
  expect(Object.keys(summaryJson(true, [summary]).tenants[0] ?? {})).toEqual([
    'name',
    'policies',
    'new',
    'unchanged',
    'failed',
    'seconds',
    'graphCalls',
    'throttled',
  ]);
});
