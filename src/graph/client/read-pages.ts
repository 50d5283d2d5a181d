import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/canonical-json.ts';
import { AppError } from '../../kernel/errors.ts';
import type { GraphRequest, Send } from './exchange.ts';

/** A way to one tenant's Graph, and the origin that its next pages must have. */
export interface GraphWay {
  readonly send: Send;
  readonly origin: string;
}

/** A collection that needs more pages than this goes round in circles. */
const PAGES_MAX = 10_000;

/**
 * Reads a collection to its end, page by page. Next links are followed verbatim (Intune encodes
 * its tokens twice; rebuilding breaks them) and never to another host: the token would go there.
 * @throws AppError `graph.incomplete` when fewer came than Graph itself counted,
 *   `graph.answer_unreadable` when a page is no page.
 */
export async function* readPages(
  way: GraphWay,
  first: GraphRequest,
): AsyncGenerator<readonly JsonObject[], void, undefined> {
  const answer = await way.send(first);
  yield* followPages(way, first, answer.body);
}

/** The rest of a collection whose first page is already there. */
export async function* followPages(
  way: GraphWay,
  request: GraphRequest,
  firstPage: JsonValue | undefined,
): AsyncGenerator<readonly JsonObject[], void, undefined> {
  const seen = new Set<string>();
  let page = firstPage;
  let read = 0;
  let counted = 0;
  for (;;) {
    const { rows, nextLink, count } = readPage(page);
    read += rows.length;
    counted = Math.max(counted, count);
    yield rows;
    if (nextLink === undefined) break;
    if (seen.has(nextLink) || seen.size >= PAGES_MAX) throw unreadable('pages_in_circles');
    seen.add(nextLink);
    const url = urlOfLink(way, nextLink);
    page = (await way.send({ ...request, url, isBatchable: false })).body;
  }
  // @odata.count is the total, or the size of one page (graph-facts 1): either way a lower bound.
  if (read < counted) throw new AppError('graph.incomplete', { expected: counted, read });
}

/** All rows at once, for collections inside one policy. */
export async function readAllRows(
  pages: AsyncIterable<readonly JsonObject[]>,
): Promise<JsonObject[]> {
  const rows: JsonObject[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

interface Page {
  readonly rows: readonly JsonObject[];
  readonly nextLink: string | undefined;
  readonly count: number;
}

function readPage(body: JsonValue | undefined): Page {
  if (!isJsonObject(body)) throw unreadable('page');
  const { value, '@odata.nextLink': nextLink, '@odata.count': count } = body;
  if (!Array.isArray(value)) throw unreadable('page');
  const rows = value.filter(isJsonObject);
  if (rows.length !== value.length) throw unreadable('row');
  if (nextLink !== undefined && typeof nextLink !== 'string') throw unreadable('next_link');
  return { rows, nextLink, count: typeof count === 'number' ? count : 0 };
}

/** Path and query of a next link, character by character as it came. */
export function urlOfLink(way: Pick<GraphWay, 'origin'>, link: string): string {
  if (!URL.canParse(link) || new URL(link).origin !== way.origin) {
    throw unreadable('foreign_next_link');
  }
  const url = link.slice(link.indexOf('/', 'https://'.length));
  if (!url.startsWith('/beta/')) throw unreadable('foreign_next_link');
  return url;
}

function unreadable(reason: string): AppError {
  return new AppError('graph.answer_unreadable', { reason });
}
