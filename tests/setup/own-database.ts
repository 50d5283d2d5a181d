import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrateDatabase } from '../../src/app/migrate-database.ts';
import { startEmbeddedPostgres } from '../../src/db/embedded/start-embedded-postgres.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { EmbeddedFolders } from './embedded-folders.ts';
import { inDatabase, type TestDatabase } from './test-server.ts';

/**
 * A server of one story's own, so that it can be killed; with fsync, so that nothing may be lost.
 */
export interface OwnDatabase extends TestDatabase {
  /** Kills PostgreSQL; it is started again by whoever holds it. */
  kill(): Promise<void>;
}

export async function openOwnDatabase(): Promise<OwnDatabase> {
  const folders = new EmbeddedFolders();
  const server = await startEmbeddedPostgres({ dataFolder: await folders.makeDataFolder() });
  await migrateDatabase(server.ownerUrl, 'atlas_login');
  return {
    ...server,
    adminUrl: new Secret(inDatabase(server.adminUrl.reveal(), 'tenantatlas')),
    name: 'tenantatlas',
    async kill() {
      const text = await readFile(join(server.dataFolder, 'pg/postmaster.pid'), 'utf8');
      process.kill(Number(text.split('\n')[0]), 'SIGKILL');
    },
    async drop() {
      await server.release();
      await folders[Symbol.asyncDispose]();
    },
  };
}
