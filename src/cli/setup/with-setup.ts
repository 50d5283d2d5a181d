import type pg from 'pg';
import { type Config, loadConfig } from '../../app/config.ts';
import { createLog } from '../../app/log.ts';
import { openDatabase } from '../../app/open-database.ts';
import type { Actor } from '../../audit/record-audit.ts';
import { Db } from '../../db/db.ts';
import { withOwner } from '../../db/owner-client.ts';

/** What a set-up command works with: the database itself, since there is nobody to ask yet. */
export interface Setup {
  readonly config: Config;
  readonly owner: pg.Client;
  readonly db: Db;
  readonly actor: Actor;
}

/** Whoever may open the database is told apart from people by this name in the audit. */
export const SETUP_ACTOR: Actor = { kind: 'system', id: null, label: 'Set-up command' };

/** Opens the configured database, brings it up to this code, and closes it after the work. */
export async function withSetup<T>(
  dataFolder: string | undefined,
  work: (setup: Setup) => Promise<T>,
): Promise<T> {
  const config = loadConfig({ dataFolder });
  const log = createLog({ level: 'error', part: 'setup' });
  const database = await openDatabase(config.database, log);
  const db = new Db(database.loginUrl, {
    connectionsMax: 2,
    onError: (error) => log.warn('idle database connection lost', { error }),
  });
  try {
    return await withOwner(database.ownerUrl, (owner) =>
      work({ config, owner, db, actor: SETUP_ACTOR }),
    );
  } finally {
    await db.close();
    await database.close();
  }
}
