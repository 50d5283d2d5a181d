import { randomBytes } from 'node:crypto';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { createLog, type Log } from '../../app/log.ts';
import { migrateDatabase } from '../../app/migrate-database.ts';
import { type OpenDatabase, roleOf } from '../../app/open-database.ts';
import { startEmbeddedPostgres } from '../../db/embedded/start-embedded-postgres.ts';
import { withOwner } from '../../db/owner-client.ts';
import { Secret } from '../../kernel/secret.ts';

const PREFIX = 'demo_';

/**
 * A fresh database in the demo's own embedded server, removed at the end: every demo begins alike,
 * and two at once do not meet.
 */
export async function openDemoDatabase(dataFolder: string): Promise<OpenDatabase> {
  const server = await startEmbeddedPostgres({ dataFolder });
  const name = `${PREFIX}${process.pid}_${randomBytes(4).toString('hex')}`;
  const ownerUrl = inDatabase(server.ownerUrl, name);
  const close = async (): Promise<void> => {
    await withOwner(server.adminUrl, (admin) => dropDatabase(admin, name)).catch(() => {});
    await server.release();
  };
  try {
    await withOwner(server.adminUrl, dropAbandoned);
    await withOwner(server.ownerUrl, (owner) => owner.query(`create database ${name}`));
    const loginUrl = inDatabase(server.loginUrl, name);
    await migrateDatabase(ownerUrl, roleOf(loginUrl));
    return { loginUrl, ownerUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A demo's terminal is for its story: what server and worker log goes to a file. */
export function openDemoLog(dataFolder: string): { path: string; fd: number; log: Log } {
  const path = join(dataFolder, 'demo.log');
  const fd = openSync(path, 'w', 0o600);
  return { path, fd, log: createLog({ level: 'info', part: 'server', fd }) };
}

/** Databases of demos that were killed: their process is gone. */
async function dropAbandoned(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1)',
    [PREFIX],
  );
  for (const { datname } of rows) {
    if (!isOwnerAlive(datname)) await dropDatabase(admin, datname);
  }
}

async function dropDatabase(admin: pg.Client, name: string): Promise<void> {
  await admin.query(`drop database if exists ${name} with (force)`);
}

function isOwnerAlive(name: string): boolean {
  const pid = Number(name.slice(PREFIX.length).split('_')[0]);
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    // Somebody else's process lives as well.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function inDatabase(url: Secret<string>, name: string): Secret<string> {
  const changed = new URL(url.reveal());
  changed.pathname = `/${name}`;
  return new Secret(changed.href);
}
