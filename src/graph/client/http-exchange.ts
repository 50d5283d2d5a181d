import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Agent, type Dispatcher } from 'undici';
import { AppError } from '../../kernel/errors.ts';

/** Plain HTTP to Microsoft or the simulator: the only place that opens sockets to them. */
export interface HttpExchange {
  /**
   * @throws AppError `graph.unavailable` (timeout, connection lost, answer cut short),
   *   `graph.answer_unreadable` (too large, or not what its headers say).
   */
  exchange(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Shorter than the exchange's own limit, which holds all the same. */
  readonly timeoutMs?: number;
  /**
   * Called when the first byte is about to leave, after all waiting for a connection: until then
   * nothing was sent, and what it throws keeps it so.
   */
  readonly beforeSent?: () => void;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface HttpLimits {
  /** From sending to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly bodyBytesMax: number;
}

/** Graph gives up on its own backends after about 60 s; 20 large policies in a batch are ~5 MB. */
const DEFAULT_LIMITS: HttpLimits = { timeoutMs: 70_000, bodyBytesMax: 32 * 1024 * 1024 };

/** Sockets per host over all tenants of this process; each tenant uses at most a dozen. */
const CONNECTIONS_MAX = 128;

export function openHttpExchange(limits: Partial<HttpLimits> = {}): HttpExchange {
  const { timeoutMs, bodyBytesMax } = { ...DEFAULT_LIMITS, ...limits };
  const agent = new Agent({
    connections: CONNECTIONS_MAX,
    connect: { timeout: Math.min(10_000, timeoutMs) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    // Gzip may blow up: the inflated size is bounded where it is inflated.
    maxResponseSize: bodyBytesMax,
  });
  return {
    exchange: (request) => {
      const deadlineMs = Math.min(timeoutMs, request.timeoutMs ?? timeoutMs);
      return exchangeOnce(agent, request, deadlineMs, bodyBytesMax);
    },
    close: () => agent.destroy(),
  };
}

async function exchangeOnce(
  agent: Agent,
  request: HttpRequest,
  timeoutMs: number,
  bodyBytesMax: number,
): Promise<HttpAnswer> {
  const { signal } = request;
  signal?.throwIfAborted();
  const ending = new AbortController();
  const stop = () => ending.abort();
  const deadline = setTimeout(stop, timeoutMs);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const answer = await looking(agent, request.beforeSent).request({
      origin: request.origin,
      path: request.path,
      method: request.method,
      headers: { ...request.headers, 'accept-encoding': 'gzip' },
      body: request.body ?? null,
      signal: ending.signal,
    });
    const bytes = await inflate(answer, await readBody(answer, bodyBytesMax), bodyBytesMax);
    const headers = flattenHeaders(answer.headers);
    return { status: answer.statusCode, headers, text: bytes.toString('utf8') };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof AppError) throw error;
    throw ending.signal.aborted ? unavailable('timeout', error) : networkFailure(error);
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', stop);
  }
}

/** undici tells a handler that its request starts right before it writes to the socket. */
function looking(agent: Agent, beforeSent: (() => void) | undefined): Dispatcher {
  if (beforeSent === undefined) return agent;
  return agent.compose((dispatch) => (options, handler) => {
    const start = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (controller, context) => {
      beforeSent();
      start?.(controller, context);
    };
    return dispatch(options, handler);
  });
}

async function readBody(answer: Dispatcher.ResponseData, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > bytesMax) throw tooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, size);
}

const gunzipAsync = promisify(gunzip);

async function inflate(
  answer: Dispatcher.ResponseData,
  body: Buffer,
  bytesMax: number,
): Promise<Buffer> {
  if (answer.headers['content-encoding'] !== 'gzip' || body.length === 0) return body;
  try {
    return await gunzipAsync(body, { maxOutputLength: bytesMax });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw new AppError('graph.answer_unreadable', { reason: 'gzip' }, error);
  }
}

function tooLarge(): AppError {
  return new AppError('graph.answer_unreadable', { reason: 'too_large' });
}

function networkFailure(error: unknown): AppError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return tooLarge();
  return unavailable(code.includes('TIMEOUT') ? 'timeout' : 'connection', error);
}

function unavailable(reason: string, cause: unknown): AppError {
  return new AppError('graph.unavailable', { reason }, cause);
}

function flattenHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const flat: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat.push([name, Array.isArray(value) ? value.join(', ') : value]);
  }
  return Object.fromEntries(flat);
}
