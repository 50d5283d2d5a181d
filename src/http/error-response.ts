import { STATUS_CODES } from 'node:http';
import { type InvalidField, PROBLEM_MEDIA_TYPE, type Problem } from '../api/problem.ts';
import type { Log } from '../app/log.ts';
import { AppError, ERRORS, type ErrorCode, type SafeDetails } from '../kernel/errors.ts';

/** The one place where a failed request becomes an answer. What we do not know is `internal`. */
export function respondWithError(
  error: unknown,
  context: { readonly log: Log; readonly requestId: string; readonly route: string },
): Response {
  const known = error instanceof AppError && ERRORS[error.code].status >= 400 ? error : undefined;
  const code = known?.code ?? 'internal';
  if (ERRORS[code].status >= 500) {
    const { requestId, route } = context;
    context.log.error('a request failed', { requestId, route, code, error });
  }
  const details = known?.details ?? {};
  return new Response(JSON.stringify(problemOf(code, details)), {
    status: ERRORS[code].status,
    headers: { 'content-type': PROBLEM_MEDIA_TYPE, ...headersOf(code, details) },
  });
}

/** The body of an error; of the details only what is named here leaves the server. */
export function problemOf(code: ErrorCode, details: SafeDetails = {}): Problem {
  const { status, message, next } = ERRORS[code];
  const errors = invalidFieldsOf(details);
  const pointer = errors[0]?.pointer;
  const { capability, retryAfterSeconds, runUrl } = details;
  return {
    type: `urn:tenantatlas:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail: message,
    next,
    ...(pointer === undefined ? {} : { pointer, errors }),
    ...(typeof capability === 'string' ? { capability } : {}),
    ...(typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {}),
    ...(typeof runUrl === 'string' ? { links: { run: runUrl } } : {}),
  };
}

function headersOf(code: ErrorCode, details: SafeDetails): Record<string, string> {
  if (code === 'unauthorized') return { 'www-authenticate': 'Bearer' };
  const seconds = details['retryAfterSeconds'];
  return typeof seconds === 'number' ? { 'retry-after': String(Math.ceil(seconds)) } : {};
}

const PLACES: readonly InvalidField['in'][] = ['body', 'query', 'header'];

/** As `invalidRequest` put them in. */
function invalidFieldsOf(details: SafeDetails): InvalidField[] {
  const { pointers, messages } = details;
  const place = PLACES.find((name) => name === details['in']);
  if (place === undefined || !Array.isArray(pointers) || !Array.isArray(messages)) return [];
  return pointers.map((pointer: string, index) => ({
    in: place,
    pointer,
    detail: String(messages[index] ?? ''),
  }));
}
