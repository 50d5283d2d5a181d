import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withStartLock } from './start-lock.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('one at a time, each in turn, and nothing is left behind', async () => {
  let inside = 0;
  let insideMax = 0;
  const enter = () =>
    withStartLock(folder, async () => {
      inside += 1;
      insideMax = Math.max(insideMax, inside);
      await new Promise(setImmediate);
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 8 }, enter));
  expect(insideMax).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['a process that is gone', '2147483646 123'],
  ['a process id that somebody else bears now', `${process.pid} 1`],
  ['nobody that can be read', ''],
])('a lock held by %s is no lock', async (_name, holder) => {
  await writeFile(join(folder, 'start.lock'), holder);
  expect(await withStartLock(folder, async () => 'entered')).toBe('entered');
});

test('the lock is given back when the work fails', async () => {
  const failing = withStartLock(folder, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await withStartLock(folder, async () => 'entered')).toBe('entered');
});
