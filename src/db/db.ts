import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { Secret } from '../kernel/secret.ts';
import { poolEagerly } from './eager-pool.ts';
import type { Tables } from './tables.ts';
import { translateDatabaseError } from './translate-error.ts';

/** Idle in a transaction for longer is a stopped process: its locks must not outlive it. */
const IDLE_IN_TRANSACTION_MS = 5_000;

/**
 * The application's way to its database. The pool itself is not handed out: what it signs in as may
 * read nothing until `inTenant`, `asPerson` or `asSystem` takes a role for one transaction.
 */
export class Db {
  readonly #kysely: Kysely<Tables>;
  readonly #pool: pg.Pool;

  constructor(
    url: Secret<string>,
    options: { connectionsMax: number; onError(error: Error): void },
  ) {
    this.#pool = new pg.Pool({
      connectionString: url.reveal(),
      max: options.connectionsMax,
      connectionTimeoutMillis: 10_000,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      application_name: 'tenantatlas',
      pipeline: true,
    });
    // An idle connection that breaks must not end the process; the next query gets another.
    this.#pool.on('error', options.onError);
    // Nor one that breaks in a transaction, with no statement under way to hear of it.
    this.#pool.on('connect', (client) => client.on('error', () => {}));
    const dialect = new PostgresDialect({ pool: poolEagerly(this.#pool) });
    this.#kysely = new Kysely<Tables>({ dialect });
  }

  /** One transaction; database errors come out translated. Only the three role files call it. */
  async transaction<T>(work: (db: Transaction<Tables>) => Promise<T>): Promise<T> {
    try {
      return await this.#kysely.transaction().execute(work);
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  async close(): Promise<void> {
    await this.#kysely.destroy();
  }
}
