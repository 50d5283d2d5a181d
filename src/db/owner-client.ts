import pg from 'pg';
import type { Secret } from '../kernel/secret.ts';
import { translateDatabaseError } from './translate-error.ts';

/** One connection as the owner of the schema: migrations, set-up commands, checks. */
export async function withOwner<T>(
  ownerUrl: Secret<string>,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: ownerUrl.reveal(),
    connectionTimeoutMillis: 10_000,
    application_name: 'tenantatlas-owner',
  });
  client.on('error', () => {}); // the failing query reports it
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw translateDatabaseError(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** `work` in one transaction of an owner's connection. */
export async function inOwnerTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}
