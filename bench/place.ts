import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateDatabase } from '../src/app/migrate-database.ts';
import { roleOf } from '../src/app/open-database.ts';
import { startEmbeddedPostgres } from '../src/db/embedded/start-embedded-postgres.ts';
import { Secret } from '../src/kernel/secret.ts';

/** A database of the benchmark's own, as durable as in earnest, gone when it is closed. */
export interface BenchPlace {
  /** The superuser: for looking, never for what is measured. */
  readonly adminUrl: Secret<string>;
  readonly ownerUrl: Secret<string>;
  readonly loginUrl: Secret<string>;
  readonly keyFile: string;
  close(): Promise<void>;
}

export async function openPlace(): Promise<BenchPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'tenantatlas-bench-'));
  // As root the server runs as somebody else, who must pass through.
  await chmod(folder, 0o711);
  const closers: (() => Promise<unknown>)[] = [];
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    const server = await startEmbeddedPostgres({
      dataFolder: join(folder, 'data'),
      // The one setting beside the product's: tells when a start was committed.
      settings: { track_commit_timestamp: 'on' },
    });
    closers.push(() => server.release());
    const { adminUrl, ownerUrl, loginUrl } = server;
    await migrateDatabase(ownerUrl, roleOf(loginUrl));
    const admin = new URL(adminUrl.reveal());
    admin.pathname = new URL(ownerUrl.reveal()).pathname;
    const keyFile = join(folder, 'keys', 'key');
    return { adminUrl: new Secret(admin.href), ownerUrl, loginUrl, keyFile, close };
  } catch (error) {
    await close();
    throw error;
  }
}
