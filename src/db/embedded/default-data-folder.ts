import { homedir } from 'node:os';
import { join } from 'node:path';

/** Each purpose has a server and data of its own: a demo never touches what is kept in earnest. */
export type Purpose = 'main' | 'demo' | 'dev' | 'test';

/**
 * Where the embedded database keeps its data when no `--data DIR` is given. Root's home is
 * private and PostgreSQL refuses to run as root, so root keeps it where an unprivileged user can
 * reach it.
 */
export function defaultDataFolder(purpose: Purpose): string {
  const base = isRoot() ? '/var/lib/tenantatlas' : inHome('.local/share/tenantatlas');
  return join(base, purpose);
}

/** The key-encryption key: apart from the data, so that a copy of the data is worth nothing. */
export function defaultKeyFile(purpose: Purpose): string {
  const base = isRoot() ? '/var/lib/tenantatlas-keys' : inHome('.config/tenantatlas/keys');
  return join(base, `${purpose}.key`);
}

function inHome(path: string): string {
  return join(homedir(), path);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
