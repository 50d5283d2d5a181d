import { isObject, type JsonObject, textOf, textsOf } from '../values/json.ts';
import { seededRandom, shuffle } from '../values/random.ts';
import { badRequest } from './errors.ts';
import { type Answer, type GraphCall, readGraphCall, type WireFault } from './graph-call.ts';

interface Part {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly call: GraphCall;
}

interface BatchAnswer {
  readonly answer: Answer;
  readonly delayMs: number;
}

type ServePart = (call: GraphCall) => { readonly answer: Answer; readonly delayMs: number };

const PARTS_MAX = 20;

/** Whether the request is a $batch. */
export function isBatch(call: GraphCall): boolean {
  return call.segments.length === 1 && call.segments[0]?.toLowerCase() === '$batch';
}

/** Serves each part by itself and answers 200 in any order; a malformed batch is refused whole. */
export function answerBatch(
  call: GraphCall,
  seq: number,
  seed: number,
  serve: ServePart,
): BatchAnswer {
  const parts = readParts(call, seq);
  if (typeof parts === 'string') return { answer: badRequest(call, parts), delayMs: 0 };
  const responses = new Map<string, JsonObject>();
  const failed = new Set<string>();
  let delayMs = 0;
  let wire: WireFault | undefined;
  for (const part of parts) {
    if (part.dependsOn.some((id) => failed.has(id))) {
      responses.set(part.id, failedDependency(part));
      failed.add(part.id);
      continue;
    }
    const served = serve(part.call);
    delayMs = Math.max(delayMs, served.delayMs);
    // A cut inside a part cuts the one connection that all parts share.
    wire ??= served.answer.wire;
    if (served.answer.status >= 400) failed.add(part.id);
    responses.set(part.id, partResponse(part, served.answer));
  }
  const body = { responses: shuffle([...responses.values()], seededRandom(seed, 'batch', seq)) };
  const answer: Answer = { status: 200, headers: {}, body };
  return { answer: wire === undefined ? answer : { ...answer, wire }, delayMs };
}

function partResponse(part: Part, answer: Answer): JsonObject {
  const headers: JsonObject = { 'Content-Type': 'application/json' };
  for (const [name, value] of Object.entries(answer.headers)) {
    headers[name === 'retry-after' ? 'Retry-After' : name] = value;
  }
  const response: JsonObject = { id: part.id, status: answer.status, headers };
  if (answer.body !== undefined) response['body'] = answer.body;
  return response;
}

function failedDependency(part: Part): JsonObject {
  const error = { code: 'FailedDependency', message: 'Failed Dependency' };
  return { id: part.id, status: 424, headers: {}, body: { error } };
}

/** The parts in an order that respects dependsOn, or what is wrong with the batch. */
function readParts(call: GraphCall, seq: number): Part[] | string {
  const requests = isObject(call.body) ? call.body['requests'] : undefined;
  if (call.method !== 'POST' || !Array.isArray(requests) || requests.length === 0) {
    return 'Invalid batch payload format.';
  }
  if (requests.length > PARTS_MAX) {
    return `Number of batch request steps exceeds the maximum value of ${PARTS_MAX}.`;
  }
  const parts = new Map<string, Part>();
  for (const request of requests) {
    const part = isObject(request) ? readPart(call, seq, request) : 'Invalid batch payload format.';
    if (typeof part === 'string') return part;
    if (parts.has(part.id.toLowerCase())) {
      return `Duplicate request id ${part.id} found in batch.`;
    }
    parts.set(part.id.toLowerCase(), part);
  }
  return inOrder([...parts.values()]);
}

function readPart(outer: GraphCall, seq: number, request: JsonObject): Part | string {
  const id = textOf(request['id']) ?? '';
  const method = textOf(request['method'])?.toUpperCase() ?? '';
  const url = textOf(request['url']) ?? '';
  if (id === '' || method === '' || url === '') return 'Invalid batch payload format.';
  if (/^[a-z]+:\/\//i.test(url)) return `Request id ${id} has an absolute url.`;
  if (/^\/?\$batch/i.test(url)) return `Request id ${id} is a batch itself.`;
  const headers = lowerHeaders(request['headers']);
  const hasBody = request['body'] !== undefined && request['body'] !== null;
  if (hasBody && headers['content-type'] === undefined) {
    return `Write request id : ${id} does not contain Content-Type header or body.`;
  }
  const call = readGraphCall({
    method,
    path: `/${outer.version}/${url.replace(/^\//, '')}`,
    headers: { ...inherited(outer), ...headers },
    body: request['body'],
    origin: outer.origin,
    batchOf: seq,
  });
  if (call === undefined) return `Request id ${id} has an invalid url.`;
  return { id, dependsOn: textsOf(request['dependsOn']), call };
}

/** A part uses the token and, unless it has its own, the request id of the whole. */
function inherited(outer: GraphCall): Record<string, string> {
  const headers: Record<string, string> = { 'client-request-id': outer.clientRequestId };
  const authorization = outer.headers['authorization'];
  if (authorization !== undefined) headers['authorization'] = authorization;
  return headers;
}

function lowerHeaders(headers: JsonObject[string] | undefined): Record<string, string> {
  if (!isObject(headers)) return {};
  const pairs = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return Object.fromEntries(pairs);
}

function inOrder(parts: readonly Part[]): Part[] | string {
  const done = new Set<string>();
  const ordered: Part[] = [];
  let waiting = [...parts];
  while (waiting.length > 0) {
    const ready = waiting.filter((part) => part.dependsOn.every((id) => done.has(id)));
    if (ready.length === 0) return 'Invalid dependsOn: unknown or circular request ids.';
    for (const part of ready) done.add(part.id);
    ordered.push(...ready);
    waiting = waiting.filter((part) => !done.has(part.id));
  }
  return ordered;
}
