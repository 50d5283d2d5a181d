import { randomUUID } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { type GraphLog, safeRequestId } from './call-log.ts';
import type { GraphAnswer, GraphRequest, Send } from './exchange.ts';
import type { HttpExchange } from './http-exchange.ts';
import { parseAnswer } from './parse-answer.ts';
import { requestHeaders } from './request-headers.ts';

export interface GraphLine {
  readonly http: HttpExchange;
  readonly origin: string;
  readonly signIn: SignIn;
  readonly clock: Clock;
  readonly log: GraphLog;
}

/** The innermost send: a token, an id of its own for each attempt, one exchange, one log entry. */
export function sendToGraph(line: GraphLine): Send {
  return async (request) => {
    const token = await line.signIn.token(request.signal);
    const clientRequestId = randomUUID();
    const startedAtMs = line.clock.monotonicMs();
    const report = (status: number, requestId: string | undefined) =>
      line.log.graphCalled({
        method: request.method,
        template: request.template,
        status,
        durationMs: Math.round(line.clock.monotonicMs() - startedAtMs),
        clientRequestId,
        requestId: safeRequestId(requestId),
        isPart: false,
      });
    try {
      const hasBody = request.body !== undefined;
      const headers = requestHeaders(token.value.reveal(), clientRequestId, hasBody);
      const answer = await exchange(line, request, headers);
      report(answer.status, answer.headers['request-id']);
      return { ...answer, signInSerial: token.serial, wasRoundTripSaved: false };
    } catch (error) {
      report(0, undefined);
      throw error;
    }
  };
}

async function exchange(
  line: GraphLine,
  request: GraphRequest,
  headers: Readonly<Record<string, string>>,
): Promise<Pick<GraphAnswer, 'status' | 'headers' | 'body'>> {
  const answer = await line.http.exchange({
    method: request.method,
    origin: line.origin,
    path: request.url,
    headers,
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    signal: request.signal,
  });
  const body = parseAnswer(answer.status, answer.text, request.unsafeNumbers);
  return { status: answer.status, headers: answer.headers, body };
}
