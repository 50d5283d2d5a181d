import { startEmbeddedPostgres } from '../db/embedded/start-embedded-postgres.ts';
import { translateDatabaseError } from '../db/translate-error.ts';
import type { Secret } from '../kernel/secret.ts';
import type { DatabaseConfig } from './config.ts';
import type { Log } from './log.ts';
import { migrateDatabase } from './migrate-database.ts';

/** A database that this code may use: reachable, migrated, its tenant wall whole. */
export interface OpenDatabase {
  readonly loginUrl: Secret<string>;
  readonly ownerUrl: Secret<string>;
  /** Lets go of it: an embedded server that nobody else uses stops. */
  close(): Promise<void>;
}

/**
 * Opens the configured database, embedded or external, and brings it up to this code.
 * @throws AppError embedded.*, database.*
 */
export async function openDatabase(config: DatabaseConfig, log: Log): Promise<OpenDatabase> {
  const database = await reachDatabase(config, log);
  try {
    await migrateDatabase(database.ownerUrl, roleOf(database.loginUrl));
    return database;
  } catch (error) {
    await database.close();
    // The queue engine brings its own connection, whose failures nobody has translated yet.
    throw translateDatabaseError(error);
  }
}

/** Only reached, not migrated: for the doctor, who looks before anything is changed. */
export async function reachDatabase(config: DatabaseConfig, log: Log): Promise<OpenDatabase> {
  if (config.kind === 'external') return { ...config, close: async () => {} };
  const server = await startEmbeddedPostgres({
    dataFolder: config.dataFolder,
    log: (message, details) => log.info(message, details),
  });
  return {
    loginUrl: server.loginUrl,
    ownerUrl: server.ownerUrl,
    close: async () => {
      await server.release();
    },
  };
}

/** Whom an address signs in as. */
export function roleOf(url: Secret<string>): string {
  return decodeURIComponent(new URL(url.reveal()).username);
}
