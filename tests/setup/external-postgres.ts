import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { runProgram } from '../../scripts/programs/run-program.ts';
import { Secret } from '../../src/kernel/secret.ts';

/** A PostgreSQL that an administrator keeps, as DATABASE_URL and DATABASE_OWNER_URL name one. */
export interface ExternalPostgres {
  readonly adminUrl: Secret<string>;
  /** For DATABASE_OWNER_URL. */
  readonly ownerUrl: Secret<string>;
  /** For DATABASE_URL. */
  readonly loginUrl: Secret<string>;
  /** 15 on Debian 12. */
  readonly majorVersion: number;
  stop(): Promise<void>;
}

const DEBIAN = '/usr/lib/postgresql';
const NOBODY = 65_534;
/** What an administrator runs once; the README says the same. */
const SET_UP = [
  `create role atlas_owner login createrole password 'owner'`,
  `create role atlas_login login noinherit password 'login'`,
  'create database tenantatlas owner atlas_owner',
];

/** Starts Debian's PostgreSQL, 15 where it is there, in a folder that goes when it stops. */
export async function startExternalPostgres(): Promise<ExternalPostgres> {
  const { bin, majorVersion } = await findBinaries();
  const folder = await mkdtemp(join(tmpdir(), 'atlas-external-'));
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (identity.uid !== undefined) await chown(folder, NOBODY, NOBODY);
  await chmod(folder, 0o700);
  const cluster = join(folder, 'pg');
  await writeFile(join(folder, 'password'), 'admin', { mode: 0o644 });
  const flags = ['-D', cluster, '-U', 'postgres', '-A', 'scram-sha-256', '-E', 'UTF8', '--no-sync'];
  const made = await runProgram(
    join(bin, 'initdb'),
    [...flags, '--locale=C', '--pwfile', join(folder, 'password')],
    { cwd: '/', env: { LC_ALL: 'C' }, ...identity },
  );
  if (made.exitCode !== 0) throw new Error(`initdb failed:\n${made.output}`);
  const settings = { listen_addresses: '', unix_socket_directories: folder, fsync: 'off' };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(join(bin, 'postgres'), ['-D', cluster, ...options], {
    cwd: '/',
    env: { LC_ALL: 'C' },
    stdio: 'ignore',
    ...identity,
  });
  const stop = () => stopServer(server, folder);
  try {
    await awaitReady(server, cluster);
    const url = (user: string, password: string, database: string) =>
      new Secret(`postgresql://${user}:${password}@localhost/${database}?host=${folder}`);
    const adminUrl = url('postgres', 'admin', 'postgres');
    await setUp(adminUrl);
    const ownerUrl = url('atlas_owner', 'owner', 'tenantatlas');
    return {
      adminUrl,
      ownerUrl,
      loginUrl: url('atlas_login', 'login', 'tenantatlas'),
      majorVersion,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function findBinaries(): Promise<{ bin: string; majorVersion: number }> {
  const found = await readdir(DEBIAN).catch(() => []);
  const versions = found.map(Number).filter((version) => version >= 15);
  const majorVersion = versions.sort((a, b) => a - b)[0];
  if (majorVersion === undefined) {
    throw new Error(`no PostgreSQL >= 15 in ${DEBIAN}: apt-get install postgresql-15`);
  }
  const bin = join(DEBIAN, String(majorVersion), 'bin');
  if (!existsSync(join(bin, 'initdb'))) throw new Error(`${bin} holds no server`);
  return { bin, majorVersion };
}

async function awaitReady(server: ChildProcess, cluster: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
    const facts = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
    if (facts.split('\n')[7]?.trim() === 'ready') return;
    await pause(50);
  }
  throw new Error('postgres was not ready in 30 s');
}

async function setUp(adminUrl: Secret<string>): Promise<void> {
  const client = new Client({ connectionString: adminUrl.reveal() });
  await client.connect();
  try {
    for (const statement of SET_UP) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function stopServer(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGINT');
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
}
