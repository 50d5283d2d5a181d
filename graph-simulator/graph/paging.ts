import { isObject, type Json, type JsonObject, parseJson } from '../values/json.ts';
import type { GraphCall } from './graph-call.ts';
import { QueryError } from './read-query.ts';

/** Where a page begins: behind an object of a list, or at a place in one shuffled order. */
export interface PageMark {
  /** The collection's path, so that a token of one cannot be used on another. */
  readonly of: string;
  /** The order number of the last object given, or the count of elements given. */
  readonly after: number;
  /** Which shuffle the pages share; 0 for lists that are not shuffled. */
  readonly turn: number;
}

type TokenStyle = 'intune' | 'directory';

/** Reads the token of a next link; refuses one that was changed on the way. */
export function readPageMark(call: GraphCall, style: TokenStyle, token: string): PageMark {
  const mark = decodeMark(style, token);
  const isWhole =
    isObject(mark) &&
    typeof mark['of'] === 'string' &&
    typeof mark['after'] === 'number' &&
    typeof mark['turn'] === 'number';
  if (!isWhole || mark['of'] !== collectionPath(call)) {
    throw new QueryError('Skip token is null or malformed.');
  }
  return { of: String(mark['of']), after: Number(mark['after']), turn: Number(mark['turn']) };
}

/** The absolute address of the next page: the client's own options and a token. */
export function nextLink(
  call: GraphCall,
  style: TokenStyle,
  at: { readonly after: number; readonly turn: number },
): string {
  const mark = JSON.stringify({ of: collectionPath(call), ...at });
  const [pathname, query = ''] = call.path.split('?');
  const kept = query.split('&').filter((pair) => pair !== '' && !isSkipToken(pair));
  kept.push(`$skiptoken=${encodeMark(style, mark)}`);
  return `${call.origin}${pathname}?${kept.join('&')}`;
}

/** Intune's token is percent-encoded twice: whoever rebuilds the link fails. */
function encodeMark(style: TokenStyle, mark: string): string {
  const text = Buffer.from(mark).toString('base64url');
  if (style === 'directory') return `RFNwdA${text}`;
  return encodeURIComponent(encodeURIComponent(`[cosmosdb]${text}`));
}

function decodeMark(style: TokenStyle, token: string): Json | undefined {
  const prefix = style === 'directory' ? 'RFNwdA' : '%5Bcosmosdb%5D';
  if (!token.startsWith(prefix)) return undefined;
  try {
    return parseJson(Buffer.from(token.slice(prefix.length), 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function isSkipToken(pair: string): boolean {
  return /^(\$|%24)skiptoken=/i.test(pair);
}

function collectionPath(call: GraphCall): string {
  return call.segments.join('/').toLowerCase();
}

/** A collection's answer. */
export function pageBody(
  context: string,
  value: JsonObject[],
  link: string | undefined,
  hasCount: boolean,
): JsonObject {
  return {
    '@odata.context': context,
    // The count of this page, not of the collection: a trap that Intune sets.
    ...(hasCount ? { '@odata.count': value.length } : {}),
    ...(link === undefined ? {} : { '@odata.nextLink': link }),
    value,
  };
}
