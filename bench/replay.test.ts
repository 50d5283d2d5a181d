import { expect, test } from 'vitest';
import { callListOf, countRefusals, type LoggedEntry } from './call-list.ts';
import { replay, type Sender } from './replay.ts';

const POLICIES = '/beta/deviceManagement/configurationPolicies';
const LOOKUP = '/beta/directoryObjects/getByIds';

function logged(path: string, more: Partial<LoggedEntry> = {}): LoggedEntry {
  const time = '2026-11-23T12:00:00.000Z';
  return { time, method: 'GET', path, status: 200, bucket: 'x', throttled: false, ...more };
}

/** Two pages of two policies, one of which has settings on a second page. */
const PAGES: Record<string, object> = {
  [POLICIES]: {
    value: [{ id: 'A' }, { id: 'B' }],
    '@odata.nextLink': `http://graph${POLICIES}?$skiptoken=2`,
  },
  [`${POLICIES}?$skiptoken=2`]: { value: [{ id: 'C' }] },
  [`${POLICIES}/A?$expand=settings`]: {
    id: 'A',
    'settings@odata.nextLink': `http://graph${POLICIES}/A/settings?$skiptoken=s2`,
  },
  [`${POLICIES}/A/settings?$skiptoken=s2`]: { value: [{ id: '25' }] },
  [`${POLICIES}/A/assignments`]: { value: [{ id: '1', target: { groupId: 'g' } }] },
  [`${POLICIES}/C?$expand=settings`]: { id: 'C' },
};

function recordingSender(): Sender & { readonly sent: string[]; readonly posted: object[] } {
  const sent: string[] = [];
  const posted: object[] = [];
  return {
    sent,
    posted,
    async get(path) {
      sent.push(path);
      return PAGES[path];
    },
    async post(path, body) {
      sent.push(path);
      posted.push(body);
      return {};
    },
  };
}

test('a replay asks what the backup asked, next pages by the links that it is given', async () => {
  const list = callListOf([
    ...Object.keys(PAGES).map((path) => logged(path.replace('skiptoken=2', 'skiptoken=old'))),
    logged(POLICIES),
    logged(`${POLICIES}/B`, { status: 429, throttled: true }),
    logged(LOOKUP, { method: 'POST' }),
  ]);
  const sender = recordingSender();
  const replayed = await replay(list, sender);
  expect(sender.sent.toSorted()).toEqual([...Object.keys(PAGES), LOOKUP].toSorted());
  expect(replayed.calls).toBe(7);
  expect(sender.sent.at(-1)).toBe(LOOKUP);
  expect(sender.posted).toEqual([{ ids: ['g'], types: ['group'] }]);
});

test('refusals are counted from a second after the first call', () => {
  const calls = [
    logged('/a'),
    logged('/b', { throttled: true, time: '2026-11-23T12:00:00.999Z' }),
    logged('/c', { throttled: true, time: '2026-11-23T12:00:01.000Z' }),
    logged('/d', { time: '2026-11-23T12:00:02.000Z' }),
  ];
  expect(countRefusals(calls)).toEqual({ first: 1, later: 1 });
});
