import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UsageError } from '../command.ts';
import { REMARK } from './mapping-file.ts';

const mappingSchema = z.record(z.string(), z.string().nullable());

/**
 * What ids of the source mean in the target, from a file: `{"group:ID": "ID there"}`. Remarks, as
 * `restore mapping` writes them, are skipped.
 * @throws UsageError when it cannot be read as that
 */
export async function readMapping(
  file: string | undefined,
): Promise<Readonly<Record<string, string | null>>> {
  if (file === undefined) return {};
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`--map: ${file} cannot be read`);
  });
  try {
    const entries = Object.entries(mappingSchema.parse(JSON.parse(text)));
    return Object.fromEntries(entries.filter(([key]) => !key.startsWith(REMARK)));
  } catch {
    throw new UsageError(`--map: ${file} does not hold {"kind:id": "id" or null}`);
  }
}
