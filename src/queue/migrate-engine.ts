import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import type { Secret } from '../kernel/secret.ts';

/** Brings the queue engine's own schema up to the version that this code uses. */
export async function migrateEngine(ownerUrl: Secret<string>): Promise<void> {
  const pool = new pg.Pool({ connectionString: ownerUrl.reveal(), max: 2 });
  // A connection that breaks fails its query; a listener keeps it from ending the process as well,
  // also while it is being closed.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await runMigrations({ pgPool: pool, noHandleSignals: true });
  } finally {
    await pool.end();
  }
}
