import { randomUUID } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { type GraphLog, safeRequestId } from '../client/call-log.ts';
import { type GraphAnswer, type GraphRequest, HeldBack, type Send } from '../client/exchange.ts';
import { BATCH_SIZE_MAX, BATCH_URL, batchBody, readBatch } from './batch-envelope.ts';

export interface BatchTools {
  readonly clock: Clock;
  readonly log: GraphLog;
}

/** Reads that come within this time share a round trip; it is small against any latency. */
const GATHER_MS = 3;

/**
 * Round trips of one tenant at a time. Six of 20 parts each fill a documented window of 1,000 in
 * well under a second; more would only hold more bodies in memory.
 */
const ROUND_TRIPS_MAX = 6;

interface WaitingPart {
  readonly request: GraphRequest;
  readonly clientRequestId: string;
  readonly resolve: (answer: GraphAnswer) => void;
  readonly reject: (reason: unknown) => void;
  readonly removeListener: () => void;
}

/**
 * Puts reads of one tenant that are waiting at the same time into `$batch`es of up to 20. Each part
 * has its own answer, status and all; one that waits alone goes as a plain request. A batch saves
 * round trips, not quota: Graph charges each part.
 */
export function batchReads(next: Send, tools: BatchTools): Send {
  const waiting: WaitingPart[] = [];
  let underWay = 0;
  let gathering: NodeJS.Timeout | undefined;

  function sendWaiting(): void {
    clearTimeout(gathering);
    gathering = undefined;
    while (waiting.length > 0 && underWay < ROUND_TRIPS_MAX) {
      const parts = waiting.splice(0, BATCH_SIZE_MAX).filter(mayGoNow);
      if (parts.length === 0) continue;
      underWay += 1;
      sendTogether(next, parts, tools).finally(() => {
        underWay -= 1;
        sendWaiting();
      });
    }
  }

  return (request) => {
    if (!request.isBatchable) return next(request);
    return new Promise((resolve, reject) => {
      request.signal.throwIfAborted();
      const leave = () => {
        const place = waiting.indexOf(part);
        if (place >= 0) waiting.splice(place, 1);
        reject(request.signal.reason);
      };
      const part: WaitingPart = {
        request,
        clientRequestId: randomUUID(),
        resolve,
        reject,
        removeListener: () => request.signal.removeEventListener('abort', leave),
      };
      request.signal.addEventListener('abort', leave, { once: true });
      waiting.push(part);
      if (waiting.length >= BATCH_SIZE_MAX) sendWaiting();
      else gathering ??= setTimeout(sendWaiting, GATHER_MS);
    });
  };
}

/** Sends those back to the budget whose bucket was paused while they waited here. */
function mayGoNow(part: WaitingPart): boolean {
  if (part.request.mayGo?.() ?? true) return true;
  part.removeListener();
  part.reject(new HeldBack());
  return false;
}

/** Settles every part, whatever happens; never rejects itself. */
async function sendTogether(
  next: Send,
  parts: readonly WaitingPart[],
  tools: BatchTools,
): Promise<void> {
  const [only] = parts;
  try {
    if (only !== undefined && parts.length === 1) only.resolve(await next(only.request));
    else await sendBatch(next, parts, tools);
  } catch (error) {
    for (const part of parts) part.reject(error);
  } finally {
    for (const part of parts) part.removeListener();
  }
}

async function sendBatch(
  next: Send,
  parts: readonly WaitingPart[],
  tools: BatchTools,
): Promise<void> {
  const startedAtMs = tools.clock.monotonicMs();
  const whole = abortedWithAll(parts.map(({ request }) => request.signal));
  try {
    const outer = await next(batchRequest(parts, whole.signal));
    const durationMs = Math.round(tools.clock.monotonicMs() - startedAtMs);
    for (const [index, answer] of readBatch(outer, parts.length).entries()) {
      const part = parts[index];
      if (part === undefined) continue;
      logPart(tools.log, part, answer, durationMs);
      if (answer instanceof AppError) part.reject(answer);
      else part.resolve(answer);
    }
  } finally {
    whole.dispose();
  }
}

function batchRequest(parts: readonly WaitingPart[], signal: AbortSignal): GraphRequest {
  return {
    method: 'POST',
    url: BATCH_URL,
    template: BATCH_URL,
    // The budget was spent part by part, above this decorator.
    bucket: 'directory',
    cost: 0,
    body: batchBody(parts),
    isBatchable: false,
    unsafeNumbers: 'refuse',
    signal,
  };
}

function logPart(
  log: GraphLog,
  part: WaitingPart,
  answer: GraphAnswer | AppError,
  durationMs: number,
): void {
  const isAnswer = !(answer instanceof AppError);
  log.graphCalled({
    method: 'GET',
    template: part.request.template,
    status: isAnswer ? answer.status : 0,
    durationMs,
    clientRequestId: part.clientRequestId,
    requestId: isAnswer ? safeRequestId(answer.headers['request-id']) : null,
    isPart: true,
  });
}

/** A batch is given up only when nobody wants any of its parts any more. */
function abortedWithAll(signals: readonly AbortSignal[]) {
  const whole = new AbortController();
  const wanted = new Set(signals);
  const removers = [...wanted].map((signal) => {
    const leave = () => {
      wanted.delete(signal);
      if (wanted.size === 0) whole.abort(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    return () => signal.removeEventListener('abort', leave);
  });
  const dispose = () => {
    for (const remove of removers) remove();
  };
  return { signal: whole.signal, dispose };
}
