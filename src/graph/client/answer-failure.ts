import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/canonical-json.ts';
import { AppError, type ErrorCode, type SafeDetails } from '../../kernel/errors.ts';
import { textAt } from '../body-paths.ts';
import { safeRequestId } from './call-log.ts';
import type { GraphAnswer } from './exchange.ts';

/**
 * Graph's refusal in our words. Classified by status first: Graph's codes differ between services
 * and even in spelling. Its message is read to classify and goes no further.
 */
export function failureOf(
  answer: Pick<GraphAnswer, 'status' | 'headers' | 'body'>,
  waitMs?: number,
): AppError {
  const error = readGraphError(answer.body);
  const code = codeFor(answer.status, error);
  const details: Record<string, SafeDetails[string]> = { status: answer.status };
  const requestId = safeRequestId(answer.headers['request-id'] ?? error.requestId);
  if (requestId !== null) details['requestId'] = requestId;
  if (/^[A-Za-z0-9_.]{1,60}$/.test(error.code)) details['graphCode'] = error.code;
  if (waitMs !== undefined) details['retryAfterSeconds'] = Math.ceil(waitMs / 1000);
  return new AppError(code, details);
}

interface GraphError {
  readonly code: string;
  readonly message: string;
  readonly requestId: string | undefined;
}

function codeFor(status: number, error: GraphError): ErrorCode {
  if (status === 429) return 'graph.throttled';
  if (status >= 500 || status === 408) return 'graph.unavailable';
  if (isUnknownRoute(error)) return 'graph.route_unknown';
  if (isLicenceRefusal(error)) return 'graph.not_licensed';
  if (status === 401) return isTokenRefusal(error) ? 'graph.sign_in_failed' : PERMISSION_MISSING;
  if (status === 403) return PERMISSION_MISSING;
  if (status === 404 || status === 410) return 'graph.not_found';
  if (status === 409 || status === 412) return 'graph.conflict';
  return 'graph.refused';
}

const PERMISSION_MISSING = 'graph.permission_missing';

/** Intune answers wrong addresses with 400 or 404 and this code; others with BadRequest. */
function isUnknownRoute({ code, message }: GraphError): boolean {
  return (
    /^No method match route template$/i.test(code) ||
    /No OData route exists|Resource not found for the segment/i.test(message)
  );
}

/**
 * Tenants without Intune or Entra ID P1 answer in several ways; the wording is what they share.
 * "Request not applicable to target tenant" is Intune's answer without a licence.
 */
function isLicenceRefusal({ code, message }: GraphError): boolean {
  return (
    /licen[cs]e|NotLicensed|Premium/i.test(code) ||
    /not licen[cs]ed|doesn.t have .{0,40}licen[cs]e|no .{0,40}licen[cs]e/i.test(message) ||
    /does not have a premium|required licen[cs]e|SPO license/i.test(message) ||
    /not applicable to target tenant/i.test(message)
  );
}

function isTokenRefusal({ code }: GraphError): boolean {
  return /token|authentication|CompactToken/i.test(code);
}

/** Reads the envelope in all its spellings; an answer that is none of them is an empty error. */
function readGraphError(body: JsonValue | undefined): GraphError {
  const error = isJsonObject(body) && isJsonObject(body['error']) ? body['error'] : {};
  // Documented as `innererror`, real as `innerError`.
  const inner = error['innerError'] ?? error['innererror'];
  const requestId = isJsonObject(inner) ? textAt(inner, 'request-id') : null;
  return {
    code: (textAt(error, 'code') ?? '').slice(0, 200),
    message: plainMessage(error).slice(0, 2_000),
    requestId: requestId ?? undefined,
  };
}

/** Intune puts a JSON document into the message, not always. */
function plainMessage(error: JsonObject): string {
  const message = textAt(error, 'message') ?? '';
  if (!message.trimStart().startsWith('{')) return message;
  try {
    const parsed: JsonValue = JSON.parse(message);
    return isJsonObject(parsed) ? (textAt(parsed, 'Message') ?? message) : message;
  } catch {
    return message;
  }
}

/** How a write ended that did not answer with success. */
export type WriteFailure = { readonly status: number } | { readonly network: true };

/**
 * What a failed write proves. `not_executed`: Graph refused it, so it may be tried again or given
 * up. `ambiguous`: it may have been done; reading again decides, and a create is never re-sent.
 */
export type WriteVerdict = 'not_executed' | 'ambiguous';

/** Design section 7. 408, 409 and all 5xx are missing on purpose: a 504 may have been executed. */
const PROOF_OF_NOTHING_DONE: ReadonlySet<number> = new Set([
  400, 401, 403, 404, 405, 412, 413, 415, 422, 429,
]);

export function classifyWriteFailure(failure: WriteFailure): WriteVerdict {
  if ('network' in failure) return 'ambiguous';
  return PROOF_OF_NOTHING_DONE.has(failure.status) ? 'not_executed' : 'ambiguous';
}
