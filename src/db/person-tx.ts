import { sql, type Transaction } from 'kysely';
import type { UserId } from '../kernel/ids.ts';
import type { Db } from './db.ts';
import { AHEAD } from './eager-pool.ts';
import type { Tables } from './tables.ts';

/** What a page without a tenant may read: rows of tenants that the person is a member of. */
export type PersonTables = Pick<Tables, 'tenants' | 'memberships' | 'notifications'>;

export interface PersonTx {
  readonly userId: UserId;
  readonly db: Transaction<PersonTables>;
}

export function asPerson<T>(
  db: Db,
  userId: UserId,
  work: (tx: PersonTx) => Promise<T>,
): Promise<T> {
  return db.transaction(async (trx) => {
    await sql`${AHEAD} select set_config('role', 'atlas_person', true),
      set_config('app.user_id', ${sql.lit(userId)}, true)`.execute(trx);
    return work({ userId, db: trx.withTables<PersonTables>() });
  });
}

/** A caller who has not been recognised yet: may look a token up by its hash, and be denied. */
export interface StrangerTx {
  readonly db: Transaction<Pick<Tables, 'security_events'>>;
}

export function asStranger<T>(db: Db, work: (tx: StrangerTx) => Promise<T>): Promise<T> {
  return db.transaction(async (trx) => {
    await sql`${AHEAD} select set_config('role', 'atlas_person', true)`.execute(trx);
    return work({ db: trx });
  });
}
