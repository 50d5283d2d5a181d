import { expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import { AppError } from '../../kernel/errors.ts';
import type { GraphRequest } from '../client/exchange.ts';
import { contractOf, type PolicyType } from '../contracts/list.ts';
import { readWholePolicy } from './read-policy.ts';

const ORIGIN = 'http://127.0.0.1:9';
const CATALOG = '/beta/deviceManagement/configurationPolicies/p1';
const PROFILE = '/beta/deviceManagement/deviceConfigurations/p1';
const NO_ROWS = { value: [] };

test('expanded parts and parts of their own come together', async () => {
  const { policy, asked } = await read('configurationPolicy', {
    [`${CATALOG}?$expand=settings`]: { id: 'p1', settingCount: 1, settings: [{ id: '0' }] },
    [`${CATALOG}/assignments`]: { value: [{ id: 'a' }] },
  });
  expect(policy).toMatchObject({ settings: [{ id: '0' }], assignments: [{ id: 'a' }] });
  expect(asked).toHaveLength(2);
});

test('an expanded part with more pages is followed to its end', async () => {
  const next = `${PROFILE}/assignments?$skiptoken=x`;
  const { policy } = await read('deviceConfiguration', {
    [`${PROFILE}?$expand=assignments`]: {
      id: 'p1',
      assignments: [{ id: 'a' }],
      'assignments@odata.nextLink': `${ORIGIN}${next}`,
    },
    [next]: { value: [{ id: 'b' }] },
  });
  expect(policy['assignments']).toEqual([{ id: 'a' }, { id: 'b' }]);
});

test('an expanded part that is missing is not an empty one', async () => {
  const reading = read('deviceConfiguration', {
    [`${PROFILE}?$expand=assignments`]: { id: 'p1' },
  });
  await expect(reading).rejects.toMatchObject({
    code: 'graph.incomplete',
    details: { part: 'assignments' },
  });
});

test('settings short of their count are read again from their own pages', async () => {
  const { policy, asked } = await read('configurationPolicy', {
    [`${CATALOG}?$expand=settings`]: { id: 'p1', settingCount: 2, settings: [{ id: '0' }] },
    [`${CATALOG}/assignments`]: NO_ROWS,
    [CATALOG]: { id: 'p1', settingCount: 2 },
    [`${CATALOG}/settings`]: { value: [{ id: '0' }, { id: '1' }] },
  });
  expect(policy['settings']).toHaveLength(2);
  expect(asked).toHaveLength(5);
});

test.each<[string, JsonObject]>([
  ['too few', { id: 'p1', settingCount: 3 }],
  ['too many', { id: 'p1', settingCount: 1 }],
  ['uncounted', { id: 'p1' }],
])('settings that are %s after a second reading are incomplete', async (_, item) => {
  const reading = read('configurationPolicy', {
    [`${CATALOG}?$expand=settings`]: { ...item, settings: [{ id: '0' }, { id: '1' }] },
    [`${CATALOG}/assignments`]: NO_ROWS,
    [CATALOG]: item,
    [`${CATALOG}/settings`]: { value: [{ id: '0' }, { id: '1' }] },
  });
  await expect(reading).rejects.toMatchObject({ code: 'graph.incomplete', details: { read: 2 } });
});

test('a policy that is not found is gone, whichever of its parts was asked first', async () => {
  await expect(read('configurationPolicy', {})).rejects.toMatchObject({ code: 'graph.not_found' });
});

test('a part that is not found leaves the policy incomplete, not gone', async () => {
  const reading = read('configurationPolicy', {
    [`${CATALOG}?$expand=settings`]: { id: 'p1', settingCount: 0, settings: [] },
  });
  await expect(reading).rejects.toMatchObject({
    code: 'graph.incomplete',
    details: { part: 'assignments' },
  });
});

test('the next page of an expanded part that is not found does so, too', async () => {
  const reading = read('deviceConfiguration', {
    [`${PROFILE}?$expand=assignments`]: {
      id: 'p1',
      assignments: [],
      'assignments@odata.nextLink': `${ORIGIN}${PROFILE}/assignments?$skiptoken=x`,
    },
  });
  await expect(reading).rejects.toMatchObject({
    code: 'graph.incomplete',
    details: { part: 'assignments' },
  });
});

test('an answer about another policy is not taken for this one', async () => {
  const reading = read('deviceConfiguration', {
    [`${PROFILE}?$expand=assignments`]: { id: 'p2', assignments: [] },
  });
  await expect(reading).rejects.toMatchObject({ code: 'graph.answer_unreadable' });
});

test.each(['', '.', '..'])('the id "%s" is no way to address a policy', async (graphId) => {
  const contract = contractOf('deviceConfiguration');
  const way = { origin: ORIGIN, send: () => Promise.reject(new Error('was sent')) };
  const reading = readWholePolicy(way, contract, graphId, new AbortController().signal);
  await expect(reading).rejects.toMatchObject({ name: 'AssertionError' });
});

async function read(type: PolicyType, answers: Readonly<Record<string, JsonObject>>) {
  const asked: string[] = [];
  const way = {
    origin: ORIGIN,
    send: async ({ url }: GraphRequest) => {
      asked.push(url);
      const body = answers[url];
      if (body === undefined) throw new AppError('graph.not_found');
      return { status: 200, headers: {}, body, signInSerial: 1, wasRoundTripSaved: false };
    },
  };
  const signal = new AbortController().signal;
  return { policy: await readWholePolicy(way, contractOf(type), 'p1', signal), asked };
}
