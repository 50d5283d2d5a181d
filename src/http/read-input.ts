import type { z } from 'zod';
import type { InvalidField } from '../api/problem.ts';
import { AppError } from '../kernel/errors.ts';

const FIELDS_NAMED_MAX = 20;
const DETAIL_CHARS_MAX = 200;

/**
 * Validates a part of a request.
 * @throws AppError request.invalid naming each bad field by JSON pointer
 */
export function readInput<S extends z.ZodType>(
  place: InvalidField['in'],
  schema: S,
  value: unknown,
): z.output<S> {
  const unstorable = findUnstorable(value);
  if (unstorable !== undefined) {
    throw invalidRequest(place, [{ path: unstorable, message: 'Holds a character not allowed' }]);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalidRequest(place, parsed.error.issues);
  return parsed.data;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

/** The error for fields that are not valid; its details are turned into the problem's `errors`. */
export function invalidRequest(place: InvalidField['in'], issues: readonly Issue[]): AppError {
  const fields = issues.flatMap(unfoldIssue).slice(0, FIELDS_NAMED_MAX);
  return new AppError('request.invalid', {
    in: place,
    pointers: fields.map((issue) => pointerTo(issue.path)),
    messages: fields.map((issue) => issue.message.slice(0, DETAIL_CHARS_MAX)),
  });
}

/** Unknown keys are reported at their parent; the field to point at is the key itself. */
function unfoldIssue(issue: Issue): readonly Issue[] {
  if (issue.keys === undefined || issue.keys.length === 0) return [issue];
  return issue.keys.map((key) => ({
    path: [...issue.path, key],
    message: 'There is no such field',
  }));
}

/** JSON pointer, RFC 6901. */
function pointerTo(path: readonly PropertyKey[]): string {
  return path
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

/** PostgreSQL keeps neither U+0000 nor half a surrogate pair; any text may hold both. */
function findUnstorable(
  value: unknown,
  path: readonly PropertyKey[] = [],
): readonly PropertyKey[] | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = isStorable(key) ? findUnstorable(inner, [...path, key]) : path;
    if (found !== undefined) return found;
  }
  return undefined;
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}
