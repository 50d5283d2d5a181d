import { open } from 'node:fs/promises';
import { UsageError } from './command.ts';

/**
 * The text of a file that an option names.
 * @throws UsageError when it cannot be read, or is larger than what it may hold
 */
export async function readSmallFile(
  path: string,
  option: string,
  bytesMax: number,
): Promise<string> {
  try {
    const file = await open(path);
    try {
      if ((await file.stat()).size > bytesMax) throw new UsageError(`--${option}: too large`);
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--${option}: cannot be read`);
  }
}
