import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, rename, unlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Secret } from '../../kernel/secret.ts';
import { UsageError } from '../command.ts';

/** What a client needs to be let in: where, and with what. */
export interface Access {
  readonly url: string;
  readonly token: Secret<string>;
}

const tokenFileSchema = z.object({
  url: z.url({ protocol: /^https?$/ }),
  token: z.string().startsWith('ta_'),
});

/** Where commands look when no `--token-file` is given. */
export function defaultTokenFile(): string {
  return join(homedir(), '.config/tenantatlas/token.json');
}

/**
 * @throws UsageError when the file is missing, readable by others, or holds something else; its
 *   content is never part of the message
 */
export async function readTokenFile(path: string): Promise<Access> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => {
    throw new UsageError(
      `--token-file: no token at ${path}; make one with "tenantatlas token create"`,
    );
  });
  try {
    if (((await file.stat()).mode & 0o077) !== 0) {
      throw new UsageError(`--token-file: others can read it; run: chmod 600 ${path}`);
    }
    return readAccess(await file.readFile('utf8'), path);
  } finally {
    await file.close();
  }
}

function readAccess(text: string, path: string): Access {
  try {
    const { url, token } = tokenFileSchema.parse(JSON.parse(text));
    return { url: url.replace(/\/$/, ''), token: new Secret(token) };
  } catch {
    // A parser's message may quote the token.
    throw new UsageError(`--token-file: ${path} does not hold {"url", "token"}`);
  }
}

/**
 * Writes a token file that only its owner can read, whole or not at all.
 * @throws UsageError when one is there and may not be replaced, or the place cannot be written to
 */
export async function writeTokenFile(
  path: string,
  access: Access,
  mayReplace: boolean,
): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  const text = JSON.stringify({ url: access.url, token: access.token.reveal() });
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${text}\n`, { mode: 0o600, flag: 'wx' });
    if (mayReplace) await rename(draft, path);
    else await link(draft, path);
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const why = isThere ? 'is there already; --force replaces it' : 'cannot be written';
    throw new UsageError(`--file: ${path} ${why}`);
  } finally {
    await unlink(draft).catch(() => {}); // renamed, or never made
  }
}
