import { randomBytes, randomUUID } from 'node:crypto';
import { constants, type FileHandle, link, mkdir, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../kernel/errors.ts';
import { Secret } from '../kernel/secret.ts';

/** Wraps the data keys of all tenants. Lives in a file outside the database and its backups. */
export type KeyEncryptionKey = Secret<Buffer>;

/** Gives the key of the process, which reads it when it is needed. */
export type KeyReader = () => Promise<KeyEncryptionKey>;

export const KEY_BYTES = 32;

/**
 * The key in the file: 32 bytes that only the application's user may read.
 * @throws AppError key.file_unusable with the reason
 */
export async function readKeyFile(path: string): Promise<KeyEncryptionKey> {
  // A pipe or a device must not block the start; only a plain file passes the check below.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(refuse);
  try {
    await requirePrivateFile(file);
    const key = Buffer.alloc(KEY_BYTES + 1);
    const { bytesRead } = await file.read(key, 0, key.length, 0);
    if (bytesRead !== KEY_BYTES) throw unusable('wrong_size');
    return new Secret(key.subarray(0, KEY_BYTES));
  } finally {
    await file.close();
  }
}

/**
 * The key in the file, made when there is none. Only for the first start of an installation: a new
 * key opens nothing that an earlier one sealed.
 * @throws AppError key.file_unusable with the reason
 */
export async function readOrMakeKeyFile(path: string): Promise<KeyEncryptionKey> {
  try {
    return await readKeyFile(path);
  } catch (error) {
    if (!(error instanceof AppError) || error.details['reason'] !== 'missing') throw error;
  }
  await makeKeyFile(path);
  return readKeyFile(path);
}

/**
 * Written beside and then linked into place: `link` refuses an existing name as O_EXCL does, and
 * whoever finds the name finds all 32 bytes, also when two processes start at once or one dies.
 */
async function makeKeyFile(path: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(randomBytes(KEY_BYTES));
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw unusable('not_writable', error);
  } finally {
    await unlink(draft).catch(() => {}); // never made, when the folder cannot be written to
  }
}

async function requirePrivateFile(file: FileHandle): Promise<void> {
  const facts = await file.stat();
  if (!facts.isFile()) throw unusable('not_a_file');
  if ((facts.mode & 0o077) !== 0) throw unusable('open_to_others');
  const ourselves = process.getuid?.();
  if (ourselves !== undefined && facts.uid !== ourselves && facts.uid !== 0) {
    throw unusable('owned_by_another');
  }
}

function refuse(error: unknown): never {
  throw unusable(hasCode(error, 'ENOENT') ? 'missing' : 'unreadable', error);
}

function unusable(reason: string, cause?: unknown): AppError {
  return new AppError('key.file_unusable', { reason }, cause);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
