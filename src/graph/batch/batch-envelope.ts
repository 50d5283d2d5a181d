import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/canonical-json.ts';
import { AppError } from '../../kernel/errors.ts';
import { type GraphAnswer, type GraphRequest, isSuccess } from '../client/exchange.ts';

/** JSON batching of Graph: what goes in, what comes out (graph-facts 1, $batch). */
export const BATCH_SIZE_MAX = 20;
export const BATCH_URL = '/beta/$batch';

/** One part that waits for its round trip. */
export interface BatchPart {
  readonly request: GraphRequest;
  readonly clientRequestId: string;
}

/** The body of a batch; ids are positions, so that each answer finds its question. */
export function batchBody(parts: readonly BatchPart[]): JsonObject {
  return {
    requests: parts.map(({ request, clientRequestId }, index) => ({
      id: String(index + 1),
      method: 'GET',
      // Relative to the version, otherwise verbatim.
      url: request.url.replace(/^\/beta/, ''),
      headers: { accept: 'application/json', 'client-request-id': clientRequestId },
    })),
  };
}

/**
 * The answer of each part, in the order of the questions. A part that is missing or not readable
 * is an error in its place: never a silent loss, never the ruin of the others.
 */
export function readBatch(outer: GraphAnswer, size: number): readonly (GraphAnswer | AppError)[] {
  if (!isSuccess(outer.status)) return Array.from({ length: size }, () => outerFailure(outer));
  const responses = isJsonObject(outer.body) ? outer.body['responses'] : undefined;
  if (!Array.isArray(responses)) {
    throw new AppError('graph.answer_unreadable', { reason: 'batch' });
  }
  const byId = new Map<string, JsonObject>();
  for (const response of responses) {
    if (isJsonObject(response)) byId.set(String(response['id']), response);
  }
  return Array.from({ length: size }, (_, index) =>
    readPart(byId.get(String(index + 1)), outer, index),
  );
}

/**
 * Signing in, throttling and outages concern all parts alike. Any other refusal of the whole may
 * be one part's fault: as an unreadable answer it sends each on its own.
 */
function outerFailure(outer: GraphAnswer): GraphAnswer | AppError {
  const isShared = outer.status === 401 || outer.status === 429 || outer.status === 408;
  if (isShared || outer.status >= 500) return outer;
  return new AppError('graph.answer_unreadable', { reason: 'batch_refused' });
}

function readPart(
  response: JsonObject | undefined,
  outer: GraphAnswer,
  index: number,
): GraphAnswer | AppError {
  const status = response?.['status'];
  if (response === undefined || typeof status !== 'number') {
    return new AppError('graph.unavailable', { reason: 'batch_part_missing' });
  }
  const body = response['body'];
  if (isSuccess(status) && !isJsonObject(body)) {
    return new AppError('graph.answer_unreadable', { reason: 'batch_part' });
  }
  return {
    status,
    headers: lowerCaseHeaders(response['headers']),
    body,
    signInSerial: outer.signInSerial,
    wasRoundTripSaved: index > 0,
  };
}

function lowerCaseHeaders(headers: JsonValue | undefined): Readonly<Record<string, string>> {
  if (!isJsonObject(headers)) return {};
  const entries = Object.entries(headers).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    String(value),
  ]);
  return Object.fromEntries(entries);
}
