import { randomUUID } from 'node:crypto';
import { withOwner } from '../src/db/owner-client.ts';
import { Secret } from '../src/kernel/secret.ts';
import { openTestServer } from '../tests/setup/open-test-server.ts';
import { inDatabase, TEST_DATABASE_PREFIX, type TestDatabase } from '../tests/setup/test-server.ts';
import { ensureTemplate } from '../tests/setup/test-template.ts';

/** A database of this program's own on the tests' server; gone when it is dropped. */
export async function openDatabase(): Promise<TestDatabase> {
  const server = await openTestServer();
  const { adminUrl, ownerUrl, loginUrl } = server;
  const template = await ensureTemplate(adminUrl.reveal(), ownerUrl.reveal());
  const name = `${TEST_DATABASE_PREFIX}${process.pid}_${randomUUID().slice(0, 8)}`;
  const run = (url: Secret<string>, statement: string) =>
    withOwner(url, (client) => client.query(statement));
  await run(ownerUrl, `create database ${name} template ${template}`);
  const here = (url: Secret<string>) => new Secret(inDatabase(url.reveal(), name));
  return {
    name,
    adminUrl: here(adminUrl),
    ownerUrl: here(ownerUrl),
    loginUrl: here(loginUrl),
    async drop() {
      await run(adminUrl, `drop database if exists ${name} with (force)`);
      await server.release();
    },
  };
}
