import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import { Secret } from '../../src/kernel/secret.ts';

/** What the global setup hands to every test file, as plain text since it crosses processes. */
export interface TestServerWords {
  readonly adminUrl: string;
  readonly ownerUrl: string;
  readonly loginUrl: string;
  readonly templateName: string;
  /** The vitest run that owns the databases; those of runs that are gone are swept away. */
  readonly runPid: number;
}

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServerWords;
  }
}

export interface TestDatabase {
  readonly name: string;
  /** The superuser, in this database: for looking past every wall, never for the application. */
  readonly adminUrl: Secret<string>;
  readonly ownerUrl: Secret<string>;
  readonly loginUrl: Secret<string>;
  /** Ends all connections to it and removes it. */
  drop(): Promise<void>;
}

export const TEST_DATABASE_PREFIX = 'atlas_test_';

/**
 * A database of one's own, cloned from the migrated template in about 50 ms. `empty` is one that
 * no migration has seen. Drop it in `afterAll`.
 */
export async function createTestDatabase(
  template: 'migrated' | 'empty' = 'migrated',
): Promise<TestDatabase> {
  const server = inject('testServer');
  const id = randomUUID().replaceAll('-', '').slice(0, 12);
  const name = `${TEST_DATABASE_PREFIX}${server.runPid}_${id}`;
  const source = template === 'migrated' ? server.templateName : 'template1';
  await queryOnce(server.ownerUrl, `create database ${name} template ${source}`);
  return {
    name,
    adminUrl: new Secret(inDatabase(server.adminUrl, name)),
    ownerUrl: new Secret(inDatabase(server.ownerUrl, name)),
    loginUrl: new Secret(inDatabase(server.loginUrl, name)),
    drop: () => queryOnce(server.adminUrl, `drop database if exists ${name} with (force)`),
  };
}

/** The same server and role, another database. */
export function inDatabase(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function queryOnce(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
