import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { buildWeb } from '../scripts/web/build-web.ts';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'web/dist');
/** Of gzipped JavaScript before the first page can be drawn. */
const FIRST_LOAD_BYTES_MAX = 250_000;

const manifestSchema = z.record(
  z.string(),
  z.object({
    file: z.string(),
    isEntry: z.boolean().optional(),
    imports: z.array(z.string()).default([]),
    dynamicImports: z.array(z.string()).default([]),
  }),
);
type Manifest = z.infer<typeof manifestSchema>;

let manifest: Manifest;
beforeAll(async () => {
  await buildWeb(ROOT);
  manifest = manifestSchema.parse(
    JSON.parse(await readFile(join(DIST, '.vite/manifest.json'), 'utf8')),
  );
}, 120_000);

/** Whoever opens a link to a page further in has that page's own parts to load as well. */
const DEEP_LINK_BYTES_MAX = 275_000;

test('where one comes in, 250 kB of JavaScript are enough', async () => {
  const [entry] = Object.entries(manifest).find(([, chunk]) => chunk.isEntry === true) ?? [''];
  const pages = manifest[entry]?.dynamicImports ?? [];
  expect(pages.length).toBeGreaterThan(10);
  const tooLarge: string[] = [];
  for (const page of pages) {
    const bytes = await gzippedBytes([...reachedFrom(entry), ...reachedFrom(page)]);
    const isFirst = /(overview|sign-in|set-up|tenant-home)-page/.test(page);
    const max = isFirst ? FIRST_LOAD_BYTES_MAX : DEEP_LINK_BYTES_MAX;
    if (bytes > max) tooLarge.push(`${page}: ${bytes}`);
  }
  expect(tooLarge).toEqual([]);
});

/** A chunk and those that it imports statically. */
function reachedFrom(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const next of manifest[name]?.imports ?? []) reachedFrom(next, seen);
  return seen;
}

async function gzippedBytes(names: readonly string[]): Promise<number> {
  const files = [...new Set(names.map((name) => manifest[name]?.file ?? ''))];
  const sizes = await Promise.all(
    files
      .filter((file) => file.endsWith('.js'))
      .map(async (file) => (await stat(join(DIST, `${file}.gz`))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
