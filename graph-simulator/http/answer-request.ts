import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerControl } from '../control/answer-control.ts';
import { badRequest, graphError } from '../graph/errors.ts';
import { type Answer, type GraphCall, readGraphCall } from '../graph/graph-call.ts';
import { serveCall } from '../graph/serve-call.ts';
import { serveSignIn } from '../sign-in/serve-sign-in.ts';
import type { Simulator } from '../simulator.ts';
import { type Json, parseJson } from '../values/json.ts';
import { readBody } from './read-body.ts';
import { writeAnswer, writeJson } from './write-answer.ts';

// msal adds `?client-request-id=` to the address.
const TOKEN_PATH = /^\/([\w.-]+)\/oauth2\/v2\.0\/token(?:\?|$)/;

/** Answers one HTTP request: sign-in, Graph, or the simulator's own pages. */
export async function answerRequest(
  simulator: Simulator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url ?? '/';
  const method = request.method ?? 'GET';
  const text = method === 'GET' ? '' : await readBody(request);
  if (path.startsWith('/_simulator')) {
    const { status, body } = answerControl(simulator, method, path, text);
    writeJson(response, status, body);
    return;
  }
  const tenantWord = method === 'POST' ? TOKEN_PATH.exec(path)?.[1] : undefined;
  if (tenantWord !== undefined) {
    const { answer, delayMs } = serveSignIn(simulator, tenantWord, path, text ?? '');
    sendLater(simulator, response, answer, randomUUID(), delayMs);
    return;
  }
  const call = readGraphCall({
    method,
    path,
    headers: lowerHeaders(request),
    body: readJsonOrNothing(text),
    origin: `http://${request.headers.host ?? '127.0.0.1'}`,
    batchOf: null,
  });
  if (call === undefined) {
    writeJson(response, 404, { error: { code: 'NotFound', message: 'No such page.' } });
    return;
  }
  const { answer, delayMs } = refuseBody(call, text) ?? serveCall(simulator, call);
  sendLater(simulator, response, answer, call.requestId, delayMs);
}

function sendLater(
  simulator: Simulator,
  response: ServerResponse,
  answer: Answer,
  requestId: string,
  delayMs: number,
): void {
  const waitMs = simulator.latencyMs + delayMs;
  if (waitMs === 0) writeAnswer(response, answer, requestId);
  else setTimeout(() => writeAnswer(response, answer, requestId), waitMs).unref();
}

/** A body that Graph would not even look at. */
function refuseBody(
  call: GraphCall,
  text: string | undefined,
): { answer: Answer; delayMs: number } | undefined {
  if (text === undefined) {
    const message = 'The maximum request length supported is 4MB.';
    return {
      answer: graphError(call, { status: 413, code: 'RequestEntityTooLarge', message }),
      delayMs: 0,
    };
  }
  if (text === '' || call.body !== undefined) return undefined;
  return { answer: badRequest(call, 'Unable to read JSON request payload.'), delayMs: 0 };
}

function readJsonOrNothing(text: string | undefined): Json | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function lowerHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
