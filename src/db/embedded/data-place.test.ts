import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isReachable } from './data-place.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-place-'));
  await mkdir(join(folder, 'inner'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a stranger passes only through open folders, the owner through private ones', async () => {
  const { uid, gid } = await stat(folder);
  const stranger = { uid: uid + 7, gid: gid + 7, isDropped: true };
  expect(await isReachable(join(folder, 'inner'), stranger)).toBe(false);
  expect(await isReachable(join(folder, 'inner'), { uid, gid, isDropped: false })).toBe(true);
  await chmod(folder, 0o711);
  expect(await isReachable(join(folder, 'inner'), stranger)).toBe(true);
});
