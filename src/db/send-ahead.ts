import {
  type PostgresCursor,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
  sql,
} from 'kysely';

/**
 * Begins a statement whose answer nobody reads. It is sent together with the statement after it, in
 * one round trip; when it fails, its error is what the next statement throws.
 */
export const AHEAD = sql.raw('/* ahead */');

const IS_AHEAD = /^(begin$|\/\* ahead \*\/)/;

/**
 * A pool, opened with `pipeline`, whose connections hold back nothing: `begin` and what is marked
 * AHEAD are written at once and awaited with the next statement. Beginning a transaction of a
 * tenant costs two round trips otherwise, on every one of them.
 */
export function sendAhead(pool: PostgresPool): PostgresPool {
  return {
    options: pool.options,
    ...(pool.Client === undefined ? {} : { Client: pool.Client }),
    connect: async () => new EagerConnection(await pool.connect()),
    end: () => pool.end(),
  };
}

class EagerConnection implements PostgresPoolClient {
  readonly #client: PostgresPoolClient;
  /** The first failure of what was sent ahead; each settles before the statement after it. */
  #failure: { error: unknown } | undefined;

  constructor(client: PostgresPoolClient) {
    this.#client = client;
  }

  get processID(): number {
    return this.#client.processID ?? 0;
  }

  query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(text: string | PostgresCursor<R>, parameters: readonly unknown[] = []) {
    if (typeof text !== 'string') return this.#client.query(text);
    const answer = this.#client.query<R>(text, parameters);
    if (!IS_AHEAD.test(text)) return this.#withFailure(text, answer);
    answer.catch((error: unknown) => {
      this.#failure ??= { error };
    });
    return Promise.resolve({ command: 'SELECT' as const, rowCount: 0, rows: [] });
  }

  /** What comes after a failure is refused as well, in words that hide the cause. */
  async #withFailure<R>(
    text: string,
    answer: Promise<PostgresQueryResult<R>>,
  ): Promise<PostgresQueryResult<R>> {
    const [settled] = await Promise.allSettled([answer]);
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined && text !== 'rollback') throw failure.error;
    if (settled.status === 'rejected') throw settled.reason;
    return settled.value;
  }

  release(destroy?: boolean): void {
    this.#client.release(destroy);
  }
}
