import type { Transaction } from 'kysely';
import { Db } from '../../src/db/db.ts';
import type { Tables } from '../../src/db/tables.ts';
import type { Secret } from '../../src/kernel/secret.ts';
import { type Life, never } from './life.ts';

/**
 * The database as one life sees it. What is under way when it ends is rolled back, as when the
 * connection of a killed process breaks; what was sent to be committed is committed, and not heard
 * of.
 */
export class MortalDb extends Db {
  readonly #real: Db;
  readonly #life: Life;

  constructor(real: Db, life: Life, url: Secret<string>) {
    // The pool of its own opens nothing: everything goes the way of the real one.
    super(url, { connectionsMax: 1, onError: () => {} });
    this.#real = real;
    this.#life = life;
  }

  override async transaction<T>(work: (db: Transaction<Tables>) => Promise<T>): Promise<T> {
    const life = this.#life;
    life.comesTo('tx_begins');
    if (life.isOver) return never();
    const done = this.#real.transaction(async (trx) => {
      const result = await work(trx);
      life.comesTo('tx_commits');
      life.requireLife();
      return result;
    });
    life.leaves(done);
    const result = await life.outlive(done);
    life.comesTo('tx_committed');
    return life.isOver ? never() : result;
  }
}
