import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, expect, test, vi } from 'vitest';
import { startEmbeddedPostgres } from '../src/db/embedded/start-embedded-postgres.ts';
import { EmbeddedFolders } from './setup/embedded-folders.ts';
import { EmbeddedHolder } from './setup/embedded-holder.ts';

const folders = new EmbeddedFolders();
afterAll(() => folders[Symbol.asyncDispose]());

function start(dataFolder: string) {
  return startEmbeddedPostgres({ dataFolder, settings: { fsync: 'off' } });
}

async function postmasterPid(folder: string): Promise<number> {
  return Number((await readFile(join(folder, 'pg/postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function serverStartedAt(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ at: string }>('select pg_postmaster_start_time()::text at');
  await client.end();
  return rows[0]?.at ?? '';
}

test('two processes share one server, and the last one out stops it', async () => {
  const folder = await folders.makeDataFolder();
  const first = new EmbeddedHolder(folder);
  expect((await first.holds()).wasAdopted).toBe(false);
  const second = new EmbeddedHolder(folder);
  expect((await second.holds()).wasAdopted).toBe(true);
  expect(await first.release()).toBe('left_running');
  expect(await second.release()).toBe('stopped');
});

test('of two first starts at the same moment, one makes the server and one adopts it', async () => {
  const folder = await folders.makeDataFolder();
  const holders = [new EmbeddedHolder(folder), new EmbeddedHolder(folder)];
  const held = await Promise.all(holders.map((holder) => holder.holds()));
  expect(held.map((found) => found.wasAdopted).sort()).toEqual([false, true]);
  const released = await Promise.all(holders.map((holder) => holder.release()));
  expect(released.sort()).toEqual(['left_running', 'stopped']);
});

test('the server outlives kill -9 of its parent and is adopted', async () => {
  const folder = await folders.makeDataFolder();
  const parent = new EmbeddedHolder(folder);
  const before = await serverStartedAt((await parent.holds()).adminUrl);
  await parent.kill();
  const next = await start(folder);
  expect(next.wasAdopted).toBe(true);
  expect(await serverStartedAt(next.adminUrl.reveal())).toBe(before);
  expect(await next.release()).toBe('stopped');
});

test('a first start that is killed at any moment does not hinder the next', async () => {
  const folder = await folders.makeDataFolder();
  const killed = new EmbeddedHolder(folder);
  await vi.waitFor(() => readFile(join(folder, 'start.lock')), { timeout: 20_000, interval: 5 });
  await killed.kill();
  const next = await start(folder);
  expect(await next.release()).toBe('stopped');
});

test('a server killed with its parent starts again with all that was committed', async () => {
  const folder = await folders.makeDataFolder();
  const parent = new EmbeddedHolder(folder);
  const client = new Client({ connectionString: (await parent.holds()).adminUrl });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('create table kept as select 42 as answer');
  await parent.kill();
  process.kill(await postmasterPid(folder), 'SIGKILL');

  const next = await start(folder);
  expect(next.wasAdopted).toBe(false);
  const after = new Client({ connectionString: next.adminUrl.reveal() });
  await after.connect();
  expect((await after.query('select answer from kept')).rows).toEqual([{ answer: 42 }]);
  await after.end();
  await client.end().catch(() => undefined);
  expect(await next.release()).toBe('stopped');
});

test('a process id that a stranger bears now does not keep the server from starting', async () => {
  const folder = await folders.makeDataFolder();
  await (await start(folder)).release();
  const lines = [process.pid, join(folder, 'pg'), 1, 5432, join(folder, 'run'), '', '', 'ready'];
  await writeFile(join(folder, 'pg/postmaster.pid'), `${lines.join('\n')}\n`);
  await writeFile(join(folder, 'start.lock'), `${process.pid} 1`);
  const next = await start(folder);
  expect(next.wasAdopted).toBe(false);
  expect(await next.release()).toBe('stopped');
});

test.each(['data', 'x'.repeat(90)])(
  'a server that dies while it is held is started again at the same address (%s)',
  async (name) => {
    const folder = await folders.makeDataFolder(name);
    const server = await start(folder);
    const before = await serverStartedAt(server.adminUrl.reveal());
    process.kill(await postmasterPid(folder), 'SIGKILL');
    await vi.waitFor(
      async () => expect(await serverStartedAt(server.ownerUrl.reveal())).not.toBe(before),
      { timeout: 20_000, interval: 50 },
    );
    expect(await server.release()).toBe('stopped');
  },
);
