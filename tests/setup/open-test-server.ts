import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultDataFolder } from '../../src/db/embedded/default-data-folder.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/db/embedded/start-embedded-postgres.ts';

/** The server that all tests on this machine share; nothing in it outlives its use. */
export async function openTestServer(): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({
    dataFolder: await testDataFolder(),
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
}

/** A home that cannot be written to (some CI machines) is no reason not to test. */
async function testDataFolder(): Promise<string> {
  const folder = defaultDataFolder('test');
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return folder;
  } catch {
    return join(tmpdir(), `tenantatlas-test-${process.getuid?.()}`);
  }
}
