import type { CompiledQuery } from 'kysely';
import type { z } from 'zod';

/** A place in a list: the values, as text, of the columns that order it. */
export type Key = readonly string[];

export interface PageRequest<K extends Key> {
  /** The last key of the page before; absent on the first page. */
  readonly after: K | undefined;
  readonly limit: number;
}

/** What a list query must be to be run, and to be explained by the test of plans. */
export interface RunnableQuery<Row> {
  compile(): CompiledQuery<Row>;
  execute(): Promise<Row[]>;
}

/**
 * A list that is read a page at a time, in the order of a key that is unique: the next page begins
 * after the last key, so its cost does not grow with its place. Every query that a page needs is
 * one of these; routes take nothing else, and a test explains each with a million rows.
 */
export interface KeysetList<Tx, Filter, Row, K extends Key = Key> {
  /** Bound into the cursor, with what else makes a key meaningless elsewhere (the sort order). */
  name(filter: Filter): string;
  readonly key: z.ZodType<K>;
  keyOf(row: Row, filter: Filter): Key;
  select(tx: Tx, filter: Filter, page: PageRequest<K>): RunnableQuery<Row>;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Where the next page goes on, or null when this is the last. */
  readonly next: Key | null;
}

/** Reads one page; one row more is asked for, which tells whether there is a next one. */
export async function readPage<Tx, Filter, Row, K extends Key>(
  list: KeysetList<Tx, Filter, Row, K>,
  tx: Tx,
  filter: Filter,
  page: PageRequest<K>,
): Promise<Page<Row>> {
  const found = await list.select(tx, filter, { ...page, limit: page.limit + 1 }).execute();
  const rows = found.slice(0, page.limit);
  const last = rows.at(-1);
  const hasMore = found.length > page.limit && last !== undefined;
  return { rows, next: hasMore ? list.keyOf(last, filter) : null };
}
