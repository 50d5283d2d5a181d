import { z } from 'zod';
import { type Problem, problemSchema } from '../../api/problem.ts';
import { SECOND } from '../../kernel/durations.ts';
import { AppError, isErrorCode, type SafeDetails } from '../../kernel/errors.ts';
import type { Access } from './token-file.ts';

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** A request answers or creates a run in milliseconds; whatever takes longer is a run. */
const TIMEOUT_MS = 30 * SECOND;
const PAGES_MAX = 10_000;

/** A client of the HTTP API, as any other program would be one. */
export class ApiClient {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  /** @throws AppError with the server's code; server.unreachable when there is no answer */
  get<S extends z.ZodType>(path: string, schema: S, query: Query = {}): Promise<z.infer<S>> {
    return this.#send('GET', withQuery(path, query), undefined, schema);
  }

  post<S extends z.ZodType>(path: string, body: unknown, schema: S): Promise<z.infer<S>> {
    return this.#send('POST', path, body, schema);
  }

  /** Every item of a list, page by page. */
  async *list<S extends z.ZodType>(
    path: string,
    item: S,
    query: Query = {},
  ): AsyncGenerator<z.infer<S>> {
    const page = z.object({ items: z.array(item), nextCursor: z.string().nullable() });
    let cursor: string | undefined;
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const answer = await this.get(path, page, { ...query, cursor });
      yield* answer.items;
      if (answer.nextCursor === null) return;
      cursor = answer.nextCursor;
    }
  }

  async #send<S extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    body: unknown,
    schema: S,
  ): Promise<z.infer<S>> {
    const response = await this.#fetch(method, path, body);
    const answer: unknown = await response.json().catch(() => null);
    if (!response.ok) throw failureOf(answer);
    const parsed = schema.safeParse(answer);
    if (!parsed.success) throw new AppError('server.answer_unreadable', {}, parsed.error);
    return parsed.data;
  }

  async #fetch(method: 'GET' | 'POST', path: string, body: unknown): Promise<Response> {
    const { url, token } = this.#access;
    try {
      return await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token.reveal()}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        // The token is for this server only.
        redirect: 'error',
      });
    } catch (error) {
      throw new AppError('server.unreachable', { url }, error);
    }
  }
}

function failureOf(answer: unknown): AppError {
  const parsed = problemSchema.safeParse(answer);
  if (!parsed.success) return new AppError('server.answer_unreadable');
  const { code } = parsed.data;
  return new AppError(isErrorCode(code) ? code : 'internal', detailsOf(parsed.data));
}

function detailsOf(problem: Problem): SafeDetails {
  const [field] = problem.errors ?? [];
  return {
    ...(field === undefined ? {} : { field: field.pointer, why: field.detail }),
    ...(problem.capability === undefined ? {} : { capability: problem.capability }),
    ...(problem.links === undefined ? {} : { run: problem.links.run }),
  };
}

function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.size === 0 ? path : `${path}?${search}`;
}
