import { sql } from 'kysely';
import type { TenantTx } from '../db/tenant-tx.ts';

/**
 * A moment by the database's clock, to the microsecond. What was read of Graph is ordered by it:
 * workers run on several machines whose clocks differ, and a Date would cut it to milliseconds.
 */
export interface DatabaseInstant {
  readonly at: string;
}

/**
 * The present moment. Taken before a call to Graph, it says how old the answer may be: what is
 * known from a later moment is newer.
 */
export async function readInstant(tx: TenantTx): Promise<DatabaseInstant> {
  const { rows } = await sql<DatabaseInstant>`select clock_timestamp()::text as at`.execute(tx.db);
  const instant = rows[0];
  if (instant === undefined) throw new Error('the database told no time');
  return instant;
}
