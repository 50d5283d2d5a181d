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

test.each<[string, number[], number[], boolean]>([
  ['no counts', [], [2, 2], true],
  ['the count of each page', [2, 1], [2, 1], true],
  ['the total on each page', [3, 3], [2, 1], true],
  ['a first page cut short', [2], [1], false],
  ['a last page cut short', [2, 2], [2, 1], false],
  ['a page missing under a total', [5, 5], [2, 2], false],
  // 4 would also be the total of what was read: the first page says that it is not
  ['a last page cut short to where its count is the total', [3, 4], [3, 1], false],
  ['a page in the middle cut short', [2, 2, 2], [2, 1, 2], false],
  ['a page without count after one that counted itself', [2], [2, 1], true],
])('%s: counts %j of pages with %j rows, whole: %s', async (_, counts, sizes, isWhole) => {
  const pages = sizes.map((size, index): JsonObject => {
    const value = Array.from({ length: size }, (_row, row) => ({ id: `${index}-${row}` }));
    const link = `${ORIGIN}${FIRST}?page=${index + 1}`;
    return {
      ...(counts[index] === undefined ? {} : { '@odata.count': counts[index] }),
      ...(index < sizes.length - 1 ? { '@odata.nextLink': link } : {}),
      value,
    };
  });
  const urls = pages.map((_page, index) => (index === 0 ? FIRST : `${FIRST}?page=${index}`));
  const known = Object.fromEntries(urls.map((url, index) => [url, pages[index] ?? {}]));
  const reading = readAllRows(readPages(way(known), request()));
  if (isWhole) await expect(reading).resolves.toHaveLength(sizes.reduce((sum, size) => sum + size));
  else await expect(reading).rejects.toMatchObject({ code: 'graph.incomplete' });
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
