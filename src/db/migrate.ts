import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';
import { sha256Hex } from '../kernel/canonical-json.ts';
import { AppError } from '../kernel/errors.ts';
import type { Secret } from '../kernel/secret.ts';
import { createRoles } from './create-roles.ts';
import { inOwnerTransaction, withOwner } from './owner-client.ts';

/** Any number that nothing else in the database locks on. */
const MIGRATION_LOCK = 7_239_001;
const FOLDER = new URL('../../migrations/', import.meta.url);

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly hash: string;
}

/**
 * Brings the database up to this code: roles, then every migration that is missing, each in its
 * own transaction, one process at a time.
 * @param loginRole the role that DATABASE_URL signs in as
 * @returns names of the migrations that were run
 * @throws AppError database.newer, database.migration_changed, database.too_old
 */
export function migrate(ownerUrl: Secret<string>, loginRole: string): Promise<string[]> {
  return withOwner(ownerUrl, async (client) => {
    await requireVersion15(client);
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await createRoles(client, loginRole);
    await client.query(`create table if not exists migrations (
      name text primary key, hash text not null, run_at timestamptz not null default now())`);
    const migrations = await readMigrations();
    const missing = await findMissing(client, migrations);
    for (const migration of missing) {
      await inOwnerTransaction(client, async () => {
        await client.query(migration.text);
        await client.query('insert into migrations (name, hash) values ($1, $2)', [
          migration.name,
          migration.hash,
        ]);
      });
    }
    return missing.map((migration) => migration.name);
  });
}

async function requireVersion15(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string }>('show server_version_num');
  const version = Number(Object.values(rows[0] ?? {})[0]);
  if (version < 150_000) throw new AppError('database.too_old', { found: version });
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, FOLDER), 'utf8');
      return { name, text, hash: sha256Hex(text) };
    }),
  );
}

async function findMissing(client: pg.Client, known: Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ name: string; hash: string }>(
    'select name, hash from migrations order by name',
  );
  const byName = new Map(known.map((migration) => [migration.name, migration]));
  for (const done of rows) {
    const ours = byName.get(done.name);
    if (ours === undefined) throw new AppError('database.newer', { migration: done.name });
    if (ours.hash !== done.hash) {
      throw new AppError('database.migration_changed', { migration: done.name });
    }
    byName.delete(done.name);
  }
  return [...byName.values()];
}
