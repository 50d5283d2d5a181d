import { homedir } from 'node:os';
import { join } from 'node:path';

/** Each purpose has a server and data of its own: a demo never touches what is kept in earnest. */
export type Purpose = 'main' | 'demo' | 'dev' | 'test';

/**
 * Where the embedded database keeps its data when no `--data DIR` is given. Root's home is private
 * and PostgreSQL refuses to run as root, so root keeps it where an unprivileged user can reach it.
 */
export function defaultDataFolder(purpose: Purpose): string {
  const base = isRoot() ? '/var/lib/tenantatlas' : join(homedir(), '.local/share/tenantatlas');
  return join(base, purpose);
}

/** The key-encryption key: outside the data folders, so that a copy of the data is worth nothing. */
export function defaultKeyFile(purpose: Purpose): string {
  const base = isRoot() ? '/var/lib/tenantatlas-keys' : join(homedir(), '.config/tenantatlas/keys');
  return join(base, `${purpose}.key`);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
