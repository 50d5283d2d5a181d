import { isObject, type Json, type JsonObject } from '../values/json.ts';
import { QueryError } from './read-query.ts';

export type Predicate = (object: JsonObject) => boolean;

/**
 * Compiles the part of OData's $filter that tools use on these collections: eq, ne, in, startswith,
 * endswith, contains, `has`, isof('type'), joined by and/or/not, with parentheses.
 */
export function compileFilter(text: string): Predicate {
  const tokens = tokenize(text);
  const reader = { tokens, at: 0 };
  const predicate = readOr(reader);
  if (reader.at !== tokens.length) throw unreadable(text);
  return predicate;
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
}

const TOKEN = /\s*('(?:[^']|'')*'|[A-Za-z_@][\w./@]*|-?\d[\w.:+-]*|[(),])/y;

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (match?.[1] === undefined) throw unreadable(text);
    tokens.push(match[1]);
  }
  return tokens;
}

function readOr(reader: Reader): Predicate {
  const alternatives = [readAnd(reader)];
  while (take(reader, 'or')) alternatives.push(readAnd(reader));
  return (object) => alternatives.some((test) => test(object));
}

function readAnd(reader: Reader): Predicate {
  const all = [readTerm(reader)];
  while (take(reader, 'and')) all.push(readTerm(reader));
  return (object) => all.every((test) => test(object));
}

function readTerm(reader: Reader): Predicate {
  if (take(reader, 'not')) {
    const negated = readTerm(reader);
    return (object) => !negated(object);
  }
  if (take(reader, '(')) {
    const inner = readOr(reader);
    expect(reader, ')');
    return inner;
  }
  const word = next(reader);
  return take(reader, '(') ? readFunction(reader, word) : readComparison(reader, word);
}

function readFunction(reader: Reader, name: string): Predicate {
  const first = next(reader);
  if (name.toLowerCase() === 'isof') {
    expect(reader, ')');
    const type = `#${String(literal(first))}`;
    return (object) => object['@odata.type'] === type;
  }
  expect(reader, ',');
  const wanted = String(literal(next(reader))).toLowerCase();
  expect(reader, ')');
  const tests: Record<string, (value: string) => boolean> = {
    startswith: (value) => value.startsWith(wanted),
    endswith: (value) => value.endsWith(wanted),
    contains: (value) => value.includes(wanted),
  };
  const test = tests[name.toLowerCase()];
  if (test === undefined) throw new QueryError(`The function '${name}' is not supported.`);
  return (object) => {
    const value = valueAt(object, first);
    return typeof value === 'string' && test(value.toLowerCase());
  };
}

function readComparison(reader: Reader, path: string): Predicate {
  const operator = next(reader).toLowerCase();
  if (operator === 'in') {
    expect(reader, '(');
    const wanted = [comparable(literal(next(reader)))];
    while (take(reader, ',')) wanted.push(comparable(literal(next(reader))));
    expect(reader, ')');
    return (object) => wanted.includes(comparable(valueAt(object, path)));
  }
  const wanted = comparable(literal(next(reader)));
  if (operator === 'eq') return (object) => comparable(valueAt(object, path)) === wanted;
  if (operator === 'ne') return (object) => comparable(valueAt(object, path)) !== wanted;
  if (operator === 'has') {
    return (object) => String(valueAt(object, path)).toLowerCase().split(',').includes(`${wanted}`);
  }
  throw new QueryError(`The operator '${operator}' is not supported.`);
}

function literal(token: string): Json {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (token === 'true' || token === 'false') return token === 'true';
  if (token === 'null') return null;
  const number = Number(token);
  return Number.isNaN(number) ? token : number;
}

/** Graph compares texts without case. */
function comparable(value: Json): Json {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function valueAt(object: JsonObject, path: string): Json {
  let value: Json = object;
  for (const key of path.split('/')) value = isObject(value) ? (value[key] ?? null) : null;
  return value;
}

function take(reader: Reader, word: string): boolean {
  if (reader.tokens[reader.at]?.toLowerCase() !== word) return false;
  reader.at += 1;
  return true;
}

function expect(reader: Reader, word: string): void {
  if (!take(reader, word)) throw unreadable(reader.tokens.join(' '));
}

function next(reader: Reader): string {
  const token = reader.tokens[reader.at];
  if (token === undefined) throw unreadable(reader.tokens.join(' '));
  reader.at += 1;
  return token;
}

function unreadable(text: string): QueryError {
  return new QueryError(`Invalid filter clause: '${text}'.`);
}
