import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Secret } from '../../kernel/secret.ts';
import { UsageError } from '../command.ts';
import { readTokenFile, writeTokenFile } from './token-file.ts';

const access = { url: 'http://127.0.0.1:7420', token: new Secret('ta_kept') };

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-token-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('what was written is read again, by its owner only, and no draft stays', async () => {
  const file = join(folder, 'new/token.json');
  await writeTokenFile(file, access, false);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readTokenFile(file)).token.reveal()).toBe('ta_kept');
  expect(await readdir(join(folder, 'new'))).toEqual(['token.json']);
});

test('a file that is there is replaced only when told to', async () => {
  const file = join(folder, 'token.json');
  await writeTokenFile(file, access, false);
  const newer = { ...access, token: new Secret('ta_newer') };
  await expect(writeTokenFile(file, newer, false)).rejects.toThrow(/--force/);
  expect(await readFile(file, 'utf8')).toContain('ta_kept');
  await writeTokenFile(file, newer, true);
  expect((await readTokenFile(file)).token.reveal()).toBe('ta_newer');
});

test('one that others can read is refused, and one that holds nonsense is not quoted', async () => {
  const file = join(folder, 'token.json');
  await writeTokenFile(file, access, false);
  await chmod(file, 0o604);
  await expect(readTokenFile(file)).rejects.toThrow(/chmod 600/);
  await writeFile(file, '{"token":"ta_x', { mode: 0o600 });
  await chmod(file, 0o600);
  const refusal = await readTokenFile(file).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(UsageError);
  expect(String(refusal)).not.toContain('ta_x');
});
