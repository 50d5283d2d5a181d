import { readdir } from 'node:fs/promises';
import type pg from 'pg';

export interface MigrationState {
  /** Of this code, not run yet. */
  readonly missing: readonly string[];
  /** Run by a newer version. */
  readonly unknown: readonly string[];
}

const FOLDER = new URL('../../migrations/', import.meta.url);

/** How the database stands to this code; changes nothing. Null: it has never been set up. */
export async function inspectMigrations(owner: pg.Client): Promise<MigrationState | null> {
  const table = await owner.query<{ found: string | null }>(
    "select to_regclass('public.migrations')::text as found",
  );
  if (table.rows[0]?.found === null) return null;
  const { rows } = await owner.query<{ name: string }>('select name from migrations');
  const done = rows.map((row) => row.name);
  const known = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
  return {
    missing: known.filter((name) => !done.includes(name)),
    unknown: done.filter((name) => !known.includes(name)),
  };
}
