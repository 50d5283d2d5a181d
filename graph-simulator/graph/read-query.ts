/** What the OData options of a request ask for. */
export interface ReadQuery {
  readonly select: readonly string[] | undefined;
  readonly expand: ReadonlyMap<string, readonly string[]>;
  readonly filter: string | undefined;
  readonly top: number | undefined;
  readonly skipToken: string | undefined;
}

/** A query that cannot be understood, with Graph's words for it. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

const KNOWN = new Set(['$select', '$expand', '$filter', '$top', '$skiptoken', '$count']);

/** Reads $select, $expand (one level of nesting), $filter, $top; refuses what is not served. */
export function readQuery(query: URLSearchParams): ReadQuery {
  for (const name of query.keys()) {
    if (name.startsWith('$') && !KNOWN.has(name)) {
      throw new QueryError(`The query option '${name}' is not supported.`);
    }
  }
  return {
    select: splitList(query.get('$select')),
    expand: readExpand(query.get('$expand')),
    filter: query.get('$filter') ?? undefined,
    top: readTop(query.get('$top')),
    skipToken: query.get('$skiptoken') ?? undefined,
  };
}

/** a,b($expand=c,d;$select=x) -> a: [], b: [c, d]. */
function readExpand(text: string | null): Map<string, readonly string[]> {
  const expand = new Map<string, readonly string[]>();
  for (const item of splitOutside(text ?? '')) {
    const match = /^(\w+)(?:\((.*)\))?$/.exec(item.trim());
    if (match?.[1] === undefined) throw new QueryError(`Could not parse $expand '${item}'.`);
    const nested = /\$expand=([\w,]+)/.exec(match[2] ?? '')?.[1];
    expand.set(match[1], nested?.split(',') ?? []);
  }
  return expand;
}

/** Splits at commas that are not inside parentheses. */
function splitOutside(text: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let begin = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (at === text.length || (char === ',' && depth === 0)) {
      if (at > begin) items.push(text.slice(begin, at));
      begin = at + 1;
    }
  }
  if (depth !== 0) throw new QueryError(`Parentheses in $expand '${text}' do not match.`);
  return items;
}

function splitList(text: string | null): readonly string[] | undefined {
  if (text === null || text.trim() === '') return undefined;
  return text.split(',').map((name) => name.trim());
}

function readTop(text: string | null): number | undefined {
  if (text === null) return undefined;
  const top = Number(text);
  if (!Number.isInteger(top) || top < 1) {
    throw new QueryError(`Invalid value '${text}' for $top query option found.`);
  }
  return top;
}
