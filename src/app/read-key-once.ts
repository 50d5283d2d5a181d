import { type KeyEncryptionKey, type KeyReader, readKeyFile } from '../tenants/key-file.ts';

/**
 * The key of this process. Its file is read at the first need, so that a process may start before
 * anything has been set up, and again after a failure, so that it may be put back.
 */
export function readKeyOnce(keyFile: string): KeyReader {
  let key: Promise<KeyEncryptionKey> | null = null;
  return () => {
    key ??= readKeyFile(keyFile).catch((error: unknown) => {
      key = null;
      throw error;
    });
    return key;
  };
}
