import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Real exports that nobody of this project wrote; they lie beside the project, never in it. */
export const CORPUS = join(import.meta.dirname, '../../../shared/corpus');
export const hasCorpus = existsSync(CORPUS);

/** The objects of one exported file, read by the test's own eyes: UTF-16 or UTF-8, mark or none. */
export async function readExport(file: string): Promise<Record<string, unknown>[]> {
  const bytes = await readFile(join(CORPUS, file));
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
  return objectsIn(JSON.parse(text));
}

const objectSchema = z.record(z.string(), z.unknown());

function objectsIn(content: unknown): Record<string, unknown>[] {
  if (Array.isArray(content)) return content.map((entry) => objectSchema.parse(entry));
  const single = objectSchema.parse(content);
  for (const key of ['value', 'filters', 'groups']) {
    if (Array.isArray(single[key])) return single[key].map((entry) => objectSchema.parse(entry));
  }
  return [single];
}
