import { graphError } from '../graph/errors.ts';
import type { Answer, GraphCall } from '../graph/graph-call.ts';
import { notLicensed, notPermitted } from '../graph/permissions.ts';
import type { Kind } from '../kinds/kind.ts';
import { isObject, type Json, type JsonObject } from '../values/json.ts';
import type { Fault } from './fault-rule.ts';

const CODES: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'InvalidAuthenticationToken',
  403: 'Forbidden',
  404: 'ResourceNotFound',
  409: 'Conflict',
  412: 'PreconditionFailed',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

/** The answer of a fault that keeps the request from being executed; nothing for all others. */
export function answerInstead(
  call: GraphCall,
  kind: Kind | undefined,
  fault: Fault | undefined,
): Answer | undefined {
  switch (fault?.kind) {
    case 'status':
      return statusAnswer(call, fault.status, fault);
    case 'throttle':
      // Of sign-in or a whole $batch, which have no bucket: a plain 429.
      return statusAnswer(call, 429, { retryAfter: fault.retryAfter ?? undefined });
    case 'notPermitted':
      return notPermitted(call, kind);
    case 'notLicensed':
      return notLicensed(call, kind);
    case 'reset':
      return { status: 0, headers: {}, body: undefined, wire: 'reset' };
    case 'hang':
      return { status: 0, headers: {}, body: undefined, wire: 'hang' };
    default:
      return undefined;
  }
}

/** What a fault makes of the answer to a request that was executed. */
export function spoilAnswer(call: GraphCall, fault: Fault | undefined, answer: Answer): Answer {
  switch (fault?.kind) {
    case 'executedThenReset':
      return { ...answer, wire: 'reset' };
    case 'executedThenStatus':
      return statusAnswer(call, fault.status, {});
    case 'resetMidBody':
      return { ...answer, wire: 'resetMidBody' };
    case 'malformedJson':
      return { ...answer, wire: 'malformedJson' };
    case 'halfPage':
      return { ...answer, body: halfPage(answer.body) };
    case 'wrongSettingCount':
      return { ...answer, body: withWrongCount(answer.body, fault.delta) };
    default:
      return answer;
  }
}

interface StatusWords {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly retryAfter?: number | undefined;
}

function statusAnswer(call: GraphCall, status: number, words: StatusWords): Answer {
  return graphError(call, {
    status,
    code: words.code ?? CODES[status] ?? 'UnknownError',
    message: words.message ?? 'The service cannot answer this request.',
    headers: words.retryAfter === undefined ? {} : { 'retry-after': String(words.retryAfter) },
  });
}

function halfPage(body: Json | undefined): Json | undefined {
  if (!isObject(body) || !Array.isArray(body['value'])) return body;
  const value = body['value'].slice(0, Math.floor(body['value'].length / 2));
  const spoiled: JsonObject = { ...body, value };
  delete spoiled['@odata.nextLink'];
  return spoiled;
}

/** On one object and on each object of a list. */
function withWrongCount(body: Json | undefined, delta: number): Json | undefined {
  if (!isObject(body)) return body;
  if (Array.isArray(body['value'])) {
    return { ...body, value: body['value'].map((element) => wrongCount(element, delta)) };
  }
  return wrongCount(body, delta);
}

function wrongCount(element: Json, delta: number): Json {
  if (!isObject(element) || typeof element['settingCount'] !== 'number') return element;
  return { ...element, settingCount: element['settingCount'] + delta };
}
