import { runMigrations } from 'graphile-worker';
import type { Secret } from '../kernel/secret.ts';

/** Brings the queue engine's own schema up to the version that this code uses. */
export async function migrateEngine(ownerUrl: Secret<string>): Promise<void> {
  await runMigrations({ connectionString: ownerUrl.reveal(), noHandleSignals: true });
}
