import { expect, test } from 'vitest';
import type { LoggedEntry } from './call-list.ts';
import { replayRestore } from './replay-restore.ts';
import { restoreCallsOf } from './restore-calls.ts';

const POLICIES = '/beta/deviceManagement/configurationPolicies';

function read(path: string): LoggedEntry {
  const time = '2026-11-23T12:00:00.000Z';
  return { time, method: 'GET', path, status: 200, bucket: 'x', throttled: false };
}

const ITEM = [
  { path: POLICIES, body: { name: 'A' } },
  { path: `${POLICIES}/{id}/assign`, body: { assignments: [] } },
];
const LOG = [
  read(POLICIES),
  read(`${POLICIES}?$skiptoken=2`),
  read(`${POLICIES}/one?$expand=settings`),
  read(`${POLICIES}/one/assignments`),
  read(`${POLICIES}/one/assignments`),
  read(`${POLICIES}/other/assignments`),
];

test('what is read of one object is read of each, once, however often the restore did', () => {
  expect(restoreCallsOf(LOG, [ITEM])).toEqual({
    lists: [POLICIES],
    items: [ITEM],
    readBack: [`${POLICIES}/{id}?$expand=settings`, `${POLICIES}/{id}/assignments`],
  });
});

test('a replay looks what is there, makes an object, assigns it, reads it back', async () => {
  const sent: string[] = [];
  const replayed = await replayRestore(restoreCallsOf(LOG, [ITEM]), {
    async get(path) {
      sent.push(`GET ${path}`);
      return path === POLICIES ? { '@odata.nextLink': `http://graph${POLICIES}?$skiptoken=n` } : {};
    },
    async post(path) {
      sent.push(`POST ${path}`);
      return { id: 'n e w' };
    },
  });
  expect(sent).toEqual([
    `GET ${POLICIES}`,
    `GET ${POLICIES}?$skiptoken=n`,
    `POST ${POLICIES}`,
    `POST ${POLICIES}/n%20e%20w/assign`,
    `GET ${POLICIES}/n%20e%20w?$expand=settings`,
    `GET ${POLICIES}/n%20e%20w/assignments`,
  ]);
  expect(replayed.calls).toBe(sent.length);
});
