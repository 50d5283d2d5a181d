import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { Secret } from '../../kernel/secret.ts';

const passwordsSchema = z.object({
  postgres: z.string().min(20),
  atlas_owner: z.string().min(20),
  atlas_login: z.string().min(20),
});

export type Passwords = Secret<z.infer<typeof passwordsSchema>>;

/**
 * The passwords of the three roles that sign in, made before the cluster, so that a crash between
 * the two leaves nothing that cannot be opened.
 */
export async function readOrMakePasswords(
  dataFolder: string,
  hasCluster: boolean,
): Promise<Passwords> {
  const file = join(dataFolder, 'passwords.json');
  const text = await readFile(file, 'utf8').catch(missingIsNull);
  if (text === null) {
    if (hasCluster) throw new AppError('embedded.data_unusable', { reason: 'passwords_missing' });
    return makePasswords(file);
  }
  if (((await stat(file)).mode & 0o077) !== 0) {
    throw new AppError('embedded.data_unusable', { reason: 'passwords_readable_by_others' });
  }
  const passwords = passwordsSchema.safeParse(parseJson(text));
  if (passwords.success) return new Secret(passwords.data);
  // A crash in the middle of writing leaves half a file; without a cluster nothing depends on it.
  if (!hasCluster) return makePasswords(file);
  throw new AppError('embedded.data_unusable', { reason: 'passwords_unreadable' });
}

async function makePasswords(file: string): Promise<Passwords> {
  const made = {
    postgres: makePassword(),
    atlas_owner: makePassword(),
    atlas_login: makePassword(),
  };
  await writeFile(file, JSON.stringify(made), { mode: 0o600, flush: true });
  return new Secret(made);
}

/** 192 bits in letters that need no quoting in SQL and no escaping in a URL. */
function makePassword(): string {
  return randomBytes(24).toString('base64url');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function missingIsNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
