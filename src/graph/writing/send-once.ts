import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { type GraphLog, safeRequestId } from '../client/call-log.ts';
import type { HttpAnswer, HttpExchange, HttpRequest } from '../client/http-exchange.ts';

/** What became of a request that is never repeated. */
export type Sent =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer }
  /** No byte of it left this process. */
  | { readonly kind: 'not_sent'; readonly failure: AppError }
  /** Some of it left; whether it was done is not known. */
  | { readonly kind: 'lost'; readonly failure: AppError };

interface Sending {
  readonly http: HttpExchange;
  readonly clock: Clock;
  readonly log: GraphLog;
  readonly template: string;
  readonly clientRequestId: string;
  readonly beforeDispatch: (() => void) | undefined;
}

/**
 * Sends a request at most once, and knows whether it was sent.
 * @throws what `beforeDispatch` threw; the signal's reason, when it was aborted before it left
 */
export async function sendOnce(sending: Sending, request: HttpRequest): Promise<Sent> {
  let hasLeft = false;
  let refusal: { readonly reason: unknown } | undefined;
  const beforeSent = () => {
    // The client may give a request to a second connection when the first breaks: not this one.
    if (hasLeft) throw new AppError('graph.unavailable', { reason: 'connection' });
    try {
      sending.beforeDispatch?.();
    } catch (reason) {
      refusal = { reason };
      throw reason;
    }
    hasLeft = true;
  };
  const report = reportTo(sending, request);
  try {
    const answer = await sending.http.exchange({ ...request, beforeSent });
    report(answer.status, answer.headers['request-id']);
    return { kind: 'answered', answer };
  } catch (error) {
    if (refusal !== undefined) throw refusal.reason;
    if (!hasLeft) request.signal?.throwIfAborted();
    if (hasLeft) report(0, undefined);
    return { kind: hasLeft ? 'lost' : 'not_sent', failure: failureFrom(error) };
  }
}

/** An abort is no error of Graph: the request is under way all the same. */
function failureFrom(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('graph.unavailable', { reason: 'aborted' }, error);
}

function reportTo(sending: Sending, { method }: HttpRequest) {
  const { clock, log, template, clientRequestId } = sending;
  const startedAtMs = clock.monotonicMs();
  return (status: number, requestId: string | undefined) =>
    log.graphCalled({
      method,
      template,
      status,
      durationMs: Math.round(clock.monotonicMs() - startedAtMs),
      clientRequestId,
      requestId: safeRequestId(requestId),
      isPart: false,
    });
}
