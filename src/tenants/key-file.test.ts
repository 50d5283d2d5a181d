import { chmod, link, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readKeyFile, readOrMakeKeyFile } from './key-file.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-key-'));
  path = join(folder, 'keys', 'main.key');
});
afterEach(() => rm(folder, { recursive: true }));

test('a key is made once, for its owner only, and read again the same', async () => {
  const made = await readOrMakeKeyFile(path);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'keys'))).mode & 0o777).toBe(0o700);
  expect(await readFile(path)).toEqual(made.reveal());
  expect((await readKeyFile(path)).reveal()).toEqual(made.reveal());
  expect((await readOrMakeKeyFile(path)).reveal()).toEqual(made.reveal());
});

test('processes that start at once end up with one key and leave nothing else behind', async () => {
  const keys = await Promise.all(Array.from({ length: 20 }, () => readOrMakeKeyFile(path)));
  expect(new Set(keys.map((key) => key.reveal().toString('hex'))).size).toBe(1);
  expect(await readdir(join(folder, 'keys'))).toEqual(['main.key']);
});

test('a missing key is not made by whoever only reads', async () => {
  await expect(readKeyFile(path)).rejects.toMatchObject({
    code: 'key.file_unusable',
    details: { reason: 'missing' },
  });
});

test.each([0o640, 0o604, 0o620])('a key file of mode %o is refused', async (mode) => {
  await readOrMakeKeyFile(path);
  await chmod(path, mode);
  await expect(readOrMakeKeyFile(path)).rejects.toMatchObject({
    code: 'key.file_unusable',
    details: { reason: 'open_to_others' },
  });
});

test.each([0, 31, 33])('a key of %i bytes is refused and not replaced', async (length) => {
  path = join(folder, 'short.key');
  await writeFile(path, Buffer.alloc(length), { mode: 0o600 });
  await expect(readOrMakeKeyFile(path)).rejects.toMatchObject({
    details: { reason: 'wrong_size' },
  });
  expect((await stat(path)).size).toBe(length);
});

test('a folder is no key file, and a folder that is no folder cannot hold one', async () => {
  await expect(readKeyFile(folder)).rejects.toMatchObject({ details: { reason: 'not_a_file' } });
  await writeFile(join(folder, 'file'), '');
  await link(join(folder, 'file'), join(folder, 'keys'));
  await expect(readOrMakeKeyFile(path)).rejects.toMatchObject({ code: 'key.file_unusable' });
});
