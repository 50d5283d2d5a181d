import { sql } from 'kysely';
import type { TenantTx } from '../db/tenant-tx.ts';

/**
 * A moment by the database's clock, to the microsecond. What was read of Graph is ordered by it:
 * workers run on several machines whose clocks differ, and a Date would cut it to milliseconds.
 * Taken from before Graph was asked, it says how old the answer may be.
 */
export interface DatabaseInstant {
  readonly at: string;
}

/** The present moment. */
export async function readInstant(tx: TenantTx): Promise<DatabaseInstant> {
  const [instant] = await readInstantsAgo(tx, [0]);
  if (instant === undefined) throw new Error('the database told no time');
  return instant;
}

/** Moments that lie so many milliseconds back: a duration is the same on every machine. */
export async function readInstantsAgo(
  tx: TenantTx,
  agesMs: readonly number[],
): Promise<DatabaseInstant[]> {
  const { rows } = await sql<DatabaseInstant>`
    select (clock_timestamp() - age * interval '1 millisecond')::text as at
    from unnest(${agesMs}::double precision[]) with ordinality as ages (age, n)
    order by n`.execute(tx.db);
  return rows;
}
