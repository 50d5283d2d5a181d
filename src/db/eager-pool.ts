import {
  type PostgresCursor,
  type PostgresPoolClient,
  type PostgresQueryResult,
  sql,
} from 'kysely';
import type pg from 'pg';

/**
 * Begins a statement whose answer nobody reads. It must hold its values itself (`sql.lit`): it is
 * held back and sent with the statement after it, which throws its failure when it fails.
 */
export const AHEAD = sql.raw('/* ahead */');

/** Begins the last statement of a transaction: `commit` is sent with it, and awaited by itself. */
export const LAST = sql.raw('/* last */');

/**
 * Begins a statement that each connection plans once. Only for texts that are always the same, for
 * none is ever forgotten, and for look-ups by key: their plan is as good for any value.
 */
export const PREPARED = sql.raw('/* prepared */');

const IS_AHEAD = /^(begin$|\s*\/\* ahead \*\/)/;
const IS_LAST = /^\s*\/\* last \*\//;
const IS_PREPARED = /^\s*(\/\* last \*\/ )?\/\* prepared \*\//;
const NOTHING = { command: 'SELECT' as const, rowCount: 0, rows: [] };

/**
 * A pool, opened with `pipeline`, whose connections send together what need not be awaited one by
 * one: see the marks above. Else beginning a transaction of a tenant would cost two round trips
 * more, on every one of them; and it is a write to a socket that costs most in many.
 */
export function poolEagerly(pool: pg.Pool) {
  return {
    options: pool.options,
    connect: async () => new EagerConnection(await pool.connect()),
    end: () => pool.end(),
  };
}

class EagerConnection implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  #heldBack: string[] = [];
  #commit: Promise<unknown> | undefined;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query(text: unknown, values: readonly unknown[] = []): unknown {
    if (typeof text !== 'string') throw new Error('cursors cannot share a pipeline');
    if (IS_AHEAD.test(text) && values.length === 0) {
      this.#heldBack.push(text);
      return Promise.resolve(NOTHING);
    }
    const commit = this.#commit;
    this.#commit = undefined;
    return text === 'commit' && commit !== undefined ? commit : this.#send(text, values);
  }

  #send(text: string, values: readonly unknown[]): Promise<unknown> {
    const ahead = this.#heldBack.splice(0).join('; ');
    const { stream } = this.#client.connection;
    stream.cork(); // one write for all
    const before = ahead === '' ? undefined : this.#client.query(ahead);
    const name = IS_PREPARED.test(text) ? nameOf(text) : undefined;
    const answer = this.#client.query({ text, values: [...values], ...(name && { name }) });
    if (IS_LAST.test(text)) {
      this.#commit = this.#client.query('commit');
      this.#commit.catch(() => {}); // whoever began the transaction asks for it
    }
    stream.uncork();
    return before === undefined ? answer : answerOf(text, before, answer);
  }

  release(destroy?: boolean): void {
    this.#client.release(destroy);
  }
}

/** After a failure the next statement is refused as well, in words that hide the cause. */
async function answerOf<T>(text: string, before: Promise<unknown>, answer: Promise<T>): Promise<T> {
  const [first, second] = await Promise.allSettled([before, answer]);
  if (first.status === 'rejected' && text !== 'rollback') throw first.reason;
  if (second.status === 'rejected') throw second.reason;
  return second.value;
}

const names = new Map<string, string>();

function nameOf(text: string): string {
  const known = names.get(text) ?? `prepared_${names.size + 1}`;
  names.set(text, known);
  return known;
}
