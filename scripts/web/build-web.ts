import { createHash } from 'node:crypto';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compressAssets } from './compress-assets.ts';

/** What the built application depends on. */
const SOURCES = ['web/**/*', 'src/api/**/*.ts', 'src/kernel/**/*.ts', 'package-lock.json'];
const STAMP = 'web/dist/.stamp';

/**
 * Builds `web/` into `web/dist` unless that was built from the same sources; takes some seconds.
 * @returns whether it had to build
 */
export async function buildWeb(root: string): Promise<boolean> {
  const stamp = await hashSources(root);
  if ((await readFile(join(root, STAMP), 'utf8').catch(() => null)) === stamp) return false;
  // loading it takes longer than to see that nothing has changed
  const { build } = await import('vite');
  const before = process.env['NODE_ENV'];
  // a test's would build another application, with React's warnings in it
  process.env['NODE_ENV'] = 'production';
  await build({ root: join(root, 'web'), logLevel: 'warn' });
  process.env['NODE_ENV'] = before;
  await compressAssets(join(root, 'web/dist'));
  await writeFile(join(root, STAMP), stamp);
  return true;
}

async function hashSources(root: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await listSources(root)) {
    hash.update(`${file}\0`).update(await readFile(join(root, file)));
  }
  return hash.digest('hex');
}

async function listSources(root: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of glob(SOURCES, { cwd: root, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(root.length + 1);
    if (entry.isFile() && !path.startsWith('web/dist/')) files.push(path);
  }
  return files.sort();
}
