import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, expect, test } from 'vitest';
import {
  type EmbeddedOptions,
  startEmbeddedPostgres,
} from '../src/db/embedded/start-embedded-postgres.ts';
import type { Secret } from '../src/kernel/secret.ts';
import { EmbeddedFolders } from './setup/embedded-folders.ts';

const folders = new EmbeddedFolders();
afterAll(() => folders[Symbol.asyncDispose]());

function start(dataFolder: string, more: Partial<EmbeddedOptions> = {}) {
  return startEmbeddedPostgres({ dataFolder, settings: { fsync: 'off' }, ...more });
}

async function query(url: Secret<string>, statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url.reveal() });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}

test('the first start makes the roles with exactly the rights they need', async () => {
  const server = await start(await folders.makeDataFolder());
  const roles = await query(
    server.adminUrl,
    `select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit
       from pg_roles where rolname like 'atlas%' order by 1`,
  );
  const weak = { rolsuper: false, rolbypassrls: false };
  expect(roles).toEqual([
    {
      rolname: 'atlas_login',
      ...weak,
      rolcreaterole: false,
      rolcreatedb: false,
      rolinherit: false,
    },
    { rolname: 'atlas_owner', ...weak, rolcreaterole: true, rolcreatedb: true, rolinherit: true },
  ]);
  await query(server.ownerUrl, 'create role atlas_tenant; grant atlas_tenant to atlas_login');
  const membership = `select pg_has_role('atlas_login', 'atlas_tenant', 'set') as "maySet",
                             pg_has_role('atlas_login', 'atlas_tenant', 'usage') as "inherits"`;
  expect(await query(server.loginUrl, membership)).toEqual([{ maySet: true, inherits: false }]);
  expect(await server.release()).toBe('stopped');
});

test('data outlives a stop, and passwords are for us alone', async () => {
  const folder = await folders.makeDataFolder('a folder with spaces, ü and %20');
  const first = await start(folder);
  await query(first.ownerUrl, 'create table kept as select 42 as answer');
  await first.release();
  const second = await start(folder);
  expect(second.wasAdopted).toBe(false);
  expect(await query(second.ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  expect((await stat(join(folder, 'passwords.json'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'pg'))).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder, 'run'))).mode & 0o777).toBe(0o700);
  await second.release();
});

test('the log holds neither statements nor rows', async () => {
  const folder = await folders.makeDataFolder();
  const server = await start(folder);
  await query(server.ownerUrl, `create table walled (body text check (body = 'x'))`);
  const refused = query(server.ownerUrl, `insert into walled values ('canary-5150')`);
  await expect(refused).rejects.toThrow('violates check constraint');
  await server.release();
  const log = await readFile(join(folder, 'postgres.log'), 'utf8');
  expect(log).toContain('violates check constraint');
  expect(log).not.toContain('canary-5150');
});

test('a socket path that is too long gives way to a local port', async () => {
  const server = await start(await folders.makeDataFolder('x'.repeat(90)));
  const url = new URL(server.ownerUrl.reveal());
  expect(url.hostname).toBe('127.0.0.1');
  expect(await query(server.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  await server.release();
});

test('a chosen port that is taken is said so', async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  const address = blocker.address();
  const port = String(typeof address === 'object' ? address?.port : 0);
  const started = start(await folders.makeDataFolder(), { settings: { fsync: 'off', port } });
  await expect(started).rejects.toMatchObject({ code: 'embedded.port_taken' });
  await new Promise((resolve) => blocker.close(resolve));
});

test('data of another PostgreSQL version, or without its passwords, is left alone', async () => {
  const folder = await folders.makeDataFolder();
  await (await start(folder)).release();
  await writeFile(join(folder, 'pg/PG_VERSION'), '17\n');
  await expect(start(folder)).rejects.toMatchObject({
    code: 'embedded.data_unusable',
    details: { reason: 'data_version', dataVersion: '17' },
  });
  await writeFile(join(folder, 'pg/PG_VERSION'), '18\n');
  await rm(join(folder, 'passwords.json'));
  await expect(start(folder)).rejects.toMatchObject({
    code: 'embedded.data_unusable',
    details: { reason: 'passwords_missing' },
  });
});

test('a data folder that cannot be made is said so', async () => {
  const folder = await folders.makeFolder();
  await writeFile(join(folder, 'file'), '');
  await expect(start(join(folder, 'file/data'))).rejects.toMatchObject({
    code: 'embedded.data_unusable',
    details: { systemError: 'ENOTDIR' },
  });
});

test('a folder that holds other things keeps its rights, a shared one is refused', async () => {
  const folder = await folders.makeDataFolder();
  await mkdir(folder);
  await writeFile(join(folder, 'notes.txt'), 'mine');
  await chmod(folder, 0o755);
  await (await start(folder)).release();
  expect((await stat(folder)).mode & 0o777).toBe(0o755);

  await rm(join(folder, 'passwords.json'));
  await chmod(folder, 0o777);
  await expect(start(folder)).rejects.toMatchObject({
    code: 'embedded.data_unusable',
    details: { reason: 'writable_by_others' },
  });
  expect((await stat(folder)).mode & 0o777).toBe(0o777);
});

test('half a first start is cleared away by the next', async () => {
  const folder = await folders.makeDataFolder();
  await mkdir(join(folder, 'making-cluster-dead/pg'), { recursive: true });
  await writeFile(join(folder, 'passwords.json'), '{"postgr', { mode: 0o600 });
  await chmod(folder, 0o711);
  const server = await start(folder);
  await expect(stat(join(folder, 'making-cluster-dead'))).rejects.toThrow('ENOENT');
  await server.release();
});
