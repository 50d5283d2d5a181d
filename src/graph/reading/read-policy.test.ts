import { expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import { AppError } from '../../kernel/errors.ts';
import type { GraphRequest } from '../client/exchange.ts';
import type { GraphWay } from '../client/read-pages.ts';
import { contractOf } from '../contracts/list.ts';
import { readWholePolicy } from './read-policy.ts';

const CONTRACT = contractOf('configurationPolicy');
const POLICY: JsonObject = { id: 'a', settingCount: 1, settings: [{ id: '0' }], assignments: [] };
const SIGNAL = new AbortController().signal;

/** Graph knows these addresses, and no other. */
function way(answers: Readonly<Record<string, JsonObject>>): GraphWay {
  return {
    origin: 'http://127.0.0.1:9',
    async send({ url }: GraphRequest) {
      const [path = ''] = url.split('?');
      const body = answers[path];
      if (body === undefined) throw new AppError('graph.not_found');
      return { status: 200, headers: {}, body, signInSerial: 1, wasRoundTripSaved: false };
    },
  };
}

const item = `/beta${CONTRACT.path}/a`;

test('a policy that is not found is gone, whichever of its parts was asked first', async () => {
  await expect(readWholePolicy(way({}), CONTRACT, 'a', SIGNAL)).rejects.toMatchObject({
    code: 'graph.not_found',
  });
});

test('a part that is not found leaves the policy incomplete, not gone', async () => {
  const parts = CONTRACT.parts.filter((part) => part.how === 'collection');
  expect(parts.length).toBeGreaterThan(0);
  await expect(
    readWholePolicy(way({ [item]: POLICY }), CONTRACT, 'a', SIGNAL),
  ).rejects.toMatchObject({ code: 'graph.incomplete' });
});

test('the next page of an expanded part that is not found does so, too', async () => {
  const [part] = CONTRACT.parts.filter((each) => each.how === 'expanded');
  const link = `http://127.0.0.1:9${item}/${part?.name}?$skiptoken=x`;
  const cut = { ...POLICY, [`${part?.name}@odata.nextLink`]: link };
  const collections = CONTRACT.parts.map((each) => [`${item}/${each.name}`, { value: [] }]);
  const { [`${item}/${part?.name}`]: _, ...others } = Object.fromEntries(collections);
  await expect(
    readWholePolicy(way({ ...others, [item]: cut }), CONTRACT, 'a', SIGNAL),
  ).rejects.toMatchObject({ code: 'graph.incomplete', details: { part: part?.name } });
});
