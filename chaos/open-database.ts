import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateDatabase } from '../src/app/migrate-database.ts';
import { roleOf } from '../src/app/open-database.ts';
import { startEmbeddedPostgres } from '../src/db/embedded/start-embedded-postgres.ts';
import { Secret } from '../src/kernel/secret.ts';
import type { TestDatabase } from '../tests/setup/test-server.ts';

/**
 * A database on a server of this program's own, for it runs long and tests stop theirs. The server
 * is not killed, so nothing has to be on the disk.
 */
export async function openDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'tenantatlas-chaos-'));
  // As root the server runs as somebody else, who must pass through.
  await chmod(folder, 0o711);
  const server = await startEmbeddedPostgres({
    dataFolder: join(folder, 'data'),
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  const { adminUrl, ownerUrl, loginUrl } = server;
  await migrateDatabase(ownerUrl, roleOf(loginUrl));
  const admin = new URL(adminUrl.reveal());
  admin.pathname = new URL(ownerUrl.reveal()).pathname;
  return {
    name: 'chaos',
    adminUrl: new Secret(admin.href),
    ownerUrl,
    loginUrl,
    async drop() {
      await server.release();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
