import type { TestProject } from 'vitest/node';
import { openTestServer } from './open-test-server.ts';
import { ensureTemplate } from './test-template.ts';

/** One PostgreSQL for the whole run, with a migrated template that each test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await openTestServer();
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
