import type { z } from 'zod';
import { ApiProblem, oddAnswer, readProblem, unreachable } from './problem.ts';

export interface RequestOptions {
  /** JSON; its presence makes the request a POST. */
  readonly body?: unknown;
  /** One per click: a repeated request with it does nothing twice. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/**
 * Asks the API and checks the shape of its answer.
 * @throws ApiProblem for every answer but the expected one, and when there is none
 */
export async function request<Answer extends z.ZodType>(
  answer: Answer,
  path: string,
  options: RequestOptions = {},
): Promise<z.output<Answer>> {
  const response = await sendConfirmed(path, options);
  const parsed = answer.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) {
    throw new ApiProblem(oddAnswer(response.status), response.headers.get('x-request-id'));
  }
  return parsed.data;
}

/** Asks whoever sits there for the password; false when they would rather not. */
type AskIdentity = () => Promise<boolean>;
let askIdentity: AskIdentity | undefined;

/** Who shows the question. @returns takes it back */
export function onIdentityNeeded(ask: AskIdentity): () => void {
  askIdentity = ask;
  return () => {
    askIdentity = undefined;
  };
}

/** What needs a recent sign-in is sent once more after it; the server has done nothing before. */
async function sendConfirmed(path: string, options: RequestOptions): Promise<Response> {
  const response = await send(path, options);
  if (response.ok) return response;
  const problem = await readProblem(response);
  const needsIdentity = problem.problem.code === 'session.confirm_required';
  if (!needsIdentity || askIdentity === undefined || !(await askIdentity())) throw problem;
  const again = await send(path, options);
  if (!again.ok) throw await readProblem(again);
  return again;
}

async function send(path: string, options: RequestOptions): Promise<Response> {
  const hasBody = options.body !== undefined;
  try {
    return await fetch(path, {
      method: hasBody ? 'POST' : 'GET',
      headers: {
        accept: 'application/json',
        ...(hasBody && { 'content-type': 'application/json' }),
        ...(options.idempotencyKey !== undefined && { 'idempotency-key': options.idempotencyKey }),
      },
      ...(hasBody && { body: JSON.stringify(options.body) }),
      ...(options.signal && { signal: options.signal }),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw unreachable();
  }
}

/** `?a=1&b=2` of what is set; empty for nothing. */
export function queryText(query: Readonly<Record<string, string | number | undefined>>): string {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (set.length === 0) return '';
  return `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)]))}`;
}
