import { chmod, chown, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startEmbeddedPostgres } from '../src/db/embedded/start-embedded-postgres.ts';
import { copyCheckout, EmbeddedFolders } from './setup/embedded-folders.ts';
import { EmbeddedHolder } from './setup/embedded-holder.ts';

const folders = new EmbeddedFolders();
afterAll(() => folders[Symbol.asyncDispose]());

/** Only root can become somebody else; anybody else already is an ordinary user. */
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

test('an ordinary user runs the server from a checkout that belongs to somebody else', async () => {
  const checkout = await copyCheckout(await folders.makeFolder(0o755));
  const folder = await folders.makeDataFolder();
  if (isRoot) await chown(join(folder, '..'), NOBODY, NOBODY);
  const holder = new EmbeddedHolder(folder, isRoot ? { ...checkout, uid: NOBODY } : checkout);
  expect((await holder.holds()).wasAdopted).toBe(false);
  expect(await holder.release()).toBe('stopped');

  // Root may take over what an ordinary user made: the data keeps its owner.
  const asOurselves = await startEmbeddedPostgres({ dataFolder: folder });
  expect(await asOurselves.release()).toBe('stopped');
});

test('a private checkout works: what the server cannot reach is copied', async () => {
  const private0700 = await folders.makeFolder(0o700);
  const checkout = await copyCheckout(private0700);
  await chmod(private0700, 0o700);
  const folder = await folders.makeDataFolder();
  const holder = new EmbeddedHolder(folder, checkout);
  expect((await holder.holds()).wasAdopted).toBe(false);
  expect(await holder.release()).toBe('stopped');
  const copies = (await readdir(folder)).filter((name) => name.startsWith('binaries-'));
  expect(copies).toHaveLength(isRoot ? 1 : 0);
});

test("a data folder that the server's user cannot reach is refused with the reason", async () => {
  const parent = await folders.makeFolder(0o700);
  const started = startEmbeddedPostgres({
    dataFolder: join(parent, 'data'),
    settings: { fsync: 'off' },
  });
  if (isRoot) {
    await expect(started).rejects.toMatchObject({
      code: 'embedded.data_unusable',
      details: { reason: 'inside_private_folder' },
    });
  } else {
    expect(await (await started).release()).toBe('stopped');
  }
});
