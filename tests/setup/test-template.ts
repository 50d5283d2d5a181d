import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrateDatabase } from '../../src/app/migrate-database.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { inDatabase, TEST_DATABASE_PREFIX } from './test-server.ts';

const ROOT = join(import.meta.dirname, '../..');
const TEMPLATE_PREFIX = 'atlas_template_';
/** Another run in another checkout may still clone from an older one, so a few are kept. */
const TEMPLATES_KEPT = 12;
/** Any number: one builder at a time on one server. */
const BUILD_LOCK = 7_140_001;

/** The migrated template for the migrations as they are now, built on first need. */
export async function ensureTemplate(adminUrl: string, ownerUrl: string): Promise<string> {
  const name = `${TEMPLATE_PREFIX}${await migrationsHash()}`;
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query('select pg_advisory_lock($1)', [BUILD_LOCK]);
    const found = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await buildTemplate(admin, ownerUrl, name);
    await dropOldDatabases(admin, name);
  } finally {
    await admin.end();
  }
  return name;
}

async function buildTemplate(admin: Client, ownerUrl: string, name: string): Promise<void> {
  const building = `${TEST_DATABASE_PREFIX}${process.pid}_${randomUUID().slice(0, 8)}`;
  await admin.query(`create database ${building} owner atlas_owner`);
  await migrateDatabase(new Secret(inDatabase(ownerUrl, building)), 'atlas_login');
  // A template must have no sessions while it is cloned: from here on it takes none.
  await admin.query(`alter database ${building} allow_connections false`);
  await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${building}'`,
  );
  await admin.query(`alter database ${building} rename to ${name}`);
}

/** All that the migrated schema depends on; package.json names the queue engine's version. */
async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256');
  const migrations = (await readdir(join(ROOT, 'migrations'))).sort();
  const code = ['src/app/migrate-database.ts', 'src/db/migrate.ts', 'src/db/create-roles.ts'];
  const files = [...migrations.map((name) => `migrations/${name}`), ...code, 'package.json'];
  for (const file of files) hash.update(file).update(await readFile(join(ROOT, file)));
  return hash.digest('hex').slice(0, 16);
}

async function dropOldDatabases(admin: Client, current: string): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>(
    `select datname from pg_database where starts_with(datname, $1) or starts_with(datname, $2)
      order by oid desc`,
    [TEMPLATE_PREFIX, TEST_DATABASE_PREFIX],
  );
  const names = rows.map((row) => row.datname);
  const templates = names.filter((name) => name.startsWith(TEMPLATE_PREFIX) && name !== current);
  const abandoned = names.filter((name) => name.startsWith(TEST_DATABASE_PREFIX) && !isOwned(name));
  for (const name of [...templates.slice(TEMPLATES_KEPT), ...abandoned]) {
    await admin.query(`drop database if exists ${name} with (force)`);
  }
}

/** Whether the vitest run in the name still lives. */
function isOwned(name: string): boolean {
  try {
    process.kill(Number(name.slice(TEST_DATABASE_PREFIX.length).split('_')[0]), 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
