import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { migrateDatabase } from '../src/app/migrate-database.ts';
import { Secret } from '../src/kernel/secret.ts';
import { openTestServer } from '../tests/setup/open-test-server.ts';
import { inDatabase } from '../tests/setup/test-server.ts';
import { firstDifference } from './schema/first-difference.ts';
import { printSchema } from './schema/print-schema.ts';

/** Writes db/schema.sql from a freshly migrated database; with `--check` it only compares. */
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const file = join(import.meta.dirname, '../db/schema.sql');
const schema = await readFreshSchema();
if (values.check) {
  const difference = firstDifference(await readFile(file, 'utf8').catch(() => ''), schema);
  if (difference !== null) {
    process.stderr.write(
      `db/schema.sql is not what the migrations make; write it with "node scripts/schema.ts".\n` +
        `line ${difference.line}\n  kept:  ${difference.before}\n  fresh: ${difference.after}\n`,
    );
    process.exitCode = 1;
  }
} else {
  await writeFile(file, schema);
}

async function readFreshSchema(): Promise<string> {
  const server = await openTestServer();
  const name = `atlas_test_${process.pid}_schema`;
  const admin = new Client({ connectionString: server.adminUrl.reveal() });
  await admin.connect();
  try {
    await admin.query(`create database ${name} owner atlas_owner`);
    const ownerUrl = new Secret(inDatabase(server.ownerUrl.reveal(), name));
    await migrateDatabase(ownerUrl, 'atlas_login');
    return await readSchema(ownerUrl);
  } finally {
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
    await server.release();
  }
}

async function readSchema(ownerUrl: Secret<string>): Promise<string> {
  const client = new Client({ connectionString: ownerUrl.reveal() });
  await client.connect();
  try {
    return await printSchema(client);
  } finally {
    await client.end();
  }
}
