import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

/** Puts `.br` and `.gz` beside each text that is served, so that no request has to compress. */
export async function compressAssets(dist: string): Promise<void> {
  for await (const file of glob('assets/**/*.{js,css,svg}', { cwd: dist })) {
    const text = await readFile(join(dist, file));
    await writeFile(join(dist, `${file}.br`), await promisify(brotliCompress)(text));
    await writeFile(join(dist, `${file}.gz`), await promisify(gzip)(text, { level: 9 }));
  }
}
