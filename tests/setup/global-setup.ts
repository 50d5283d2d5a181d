import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { defaultDataFolder } from '../../src/db/embedded/default-data-folder.ts';
import { startEmbeddedPostgres } from '../../src/db/embedded/start-embedded-postgres.ts';
import { ensureTemplate } from './test-template.ts';

/** One PostgreSQL for the whole run, shared with other runs; nothing in it outlives its use. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startEmbeddedPostgres({
    dataFolder: await testDataFolder(),
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  const adminUrl = server.adminUrl.reveal();
  const ownerUrl = server.ownerUrl.reveal();
  project.provide('testServer', {
    adminUrl,
    ownerUrl,
    loginUrl: server.loginUrl.reveal(),
    templateName: await ensureTemplate(adminUrl, ownerUrl),
    runPid: process.pid,
  });
  return async () => {
    await server.release();
  };
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
