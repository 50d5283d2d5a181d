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
 * @throws AppError `graph.incomplete` when fewer came than Graph itself counted, or when a page is
 *   shorter than it says itself,
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
  let body = firstPage;
  let read = 0;
  let counted = 0;
  let countsPages = false;
  for (;;) {
    const page = readPage(body);
    read += page.rows.length;
    counted = Math.max(counted, page.count ?? 0);
    if (countsPages) checkPage(page);
    countsPages ||= page.nextLink !== undefined && page.count === page.rows.length;
    yield page.rows;
    if (page.nextLink === undefined) return checkCounts(page, read, counted);
    if (seen.has(page.nextLink) || seen.size >= PAGES_MAX) throw unreadable('pages_in_circles');
    seen.add(page.nextLink);
    const url = urlOfLink(way, page.nextLink);
    body = (await way.send({ ...request, url, isBatchable: false })).body;
  }
}

/**
 * `@odata.count` is the total or the size of its page (graph-facts 1). Either way it is a lower
 * bound of what was read; and a last page that holds another number than it says must say the
 * total, or it was cut short. Collections that Graph does not count cannot be checked.
 */
function checkCounts(last: Page, read: number, counted: number): void {
  const isCutShort = last.count !== undefined && last.count !== last.rows.length;
  if (read < counted || (isCutShort && last.count !== read)) {
    throw new AppError('graph.incomplete', { expected: Math.max(counted, read + 1), read });
  }
}

/**
 * A page that counted just itself, with more to come, showed what the counts of this collection
 * mean; from then on a page with another number of rows than it says was cut short.
 */
function checkPage({ count, rows }: Page): void {
  if (count === undefined || count === rows.length) return;
  throw new AppError('graph.incomplete', { expected: count, read: rows.length });
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
  readonly count: number | undefined;
}

function readPage(body: JsonValue | undefined): Page {
  if (!isJsonObject(body)) throw unreadable('page');
  const { value, '@odata.nextLink': nextLink, '@odata.count': count } = body;
  if (!Array.isArray(value)) throw unreadable('page');
  const rows = value.filter(isJsonObject);
  if (rows.length !== value.length) throw unreadable('row');
  if (nextLink !== undefined && typeof nextLink !== 'string') throw unreadable('next_link');
  return { rows, nextLink, count: typeof count === 'number' ? count : undefined };
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
