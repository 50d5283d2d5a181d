import { expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import type { GraphRequest } from './exchange.ts';
import { readAllRows, readPages, urlOfLink } from './read-pages.ts';

const ORIGIN = 'http://127.0.0.1:9';
const FIRST = '/beta/deviceManagement/things';
const NEXT = `${FIRST}?$skiptoken=%255Bcosmosdb%255Dabc`;

test('next links are followed to the end, character by character', async () => {
  const asked: string[] = [];
  const rows = await readAllRows(
    readPages(
      way(
        {
          [FIRST]: { value: [{ id: '1' }], '@odata.nextLink': `${ORIGIN}${NEXT}` },
          [NEXT]: { value: [{ id: '2' }] },
        },
        asked,
      ),
      request(),
    ),
  );
  expect(rows).toEqual([{ id: '1' }, { id: '2' }]);
  expect(asked).toEqual([FIRST, NEXT]);
});

test.each([
  'https://graph.evil.example/beta/x',
  'http://127.0.0.1:99/beta/x',
  'http://127.0.0.1:9@evil.example/beta/x',
  'http://127.0.0.1:9/_simulator/faults',
  '/beta/relative',
  'no link',
])('a next link to %s is refused: the token would go there', (link) => {
  expect(() => urlOfLink({ origin: ORIGIN }, link)).toThrow(
    expect.objectContaining({ details: { reason: 'foreign_next_link' } }),
  );
});

test.each<[string, JsonObject]>([
  ['no value', {}],
  ['a value that is no list', { value: {} }],
  ['a row that is no object', { value: ['x'] }],
  ['a next link that is no text', { value: [], '@odata.nextLink': 5 }],
])('a page with %s fails', async (_, page) => {
  await expect(readAllRows(readPages(way({ [FIRST]: page }), request()))).rejects.toMatchObject({
    code: 'graph.answer_unreadable',
  });
});

test('pages in circles end', async () => {
  const page = { value: [], '@odata.nextLink': `${ORIGIN}${FIRST}` };
  await expect(readAllRows(readPages(way({ [FIRST]: page }), request()))).rejects.toMatchObject({
    details: { reason: 'pages_in_circles' },
  });
});

test('fewer rows than Graph counted are incomplete; a count of one page is not', async () => {
  const half = { '@odata.count': 2, value: [{ id: '1' }] };
  await expect(readAllRows(readPages(way({ [FIRST]: half }), request()))).rejects.toMatchObject({
    code: 'graph.incomplete',
    details: { expected: 2, read: 1 },
  });
  const pages = {
    [FIRST]: { '@odata.count': 1, value: [{ id: '1' }], '@odata.nextLink': `${ORIGIN}${NEXT}` },
    [NEXT]: { '@odata.count': 1, value: [{ id: '2' }] },
  };
  await expect(readAllRows(readPages(way(pages), request()))).resolves.toHaveLength(2);
});

function way(pages: Readonly<Record<string, JsonObject>>, asked: string[] = []) {
  return {
    origin: ORIGIN,
    send: async ({ url }: GraphRequest) => {
      asked.push(url);
      const body = pages[url];
      return { status: 200, headers: {}, body, signInSerial: 1, wasRoundTripSaved: false };
    },
  };
}

function request(): GraphRequest {
  return {
    method: 'GET',
    url: FIRST,
    template: FIRST,
    bucket: 'deviceConfiguration',
    cost: 1,
    isBatchable: true,
    unsafeNumbers: 'refuse',
    signal: new AbortController().signal,
  };
}
