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
  const response = await send(path, options);
  if (!response.ok) throw await readProblem(response);
  const parsed = answer.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) {
    throw new ApiProblem(oddAnswer(response.status), response.headers.get('x-request-id'));
  }
  return parsed.data;
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
