import { requireWall } from '../db/check-wall.ts';
import { migrate } from '../db/migrate.ts';
import type { Secret } from '../kernel/secret.ts';
import { migrateEngine } from '../queue/migrate-engine.ts';

/**
 * Everything a database needs before this code may use it: the queue engine's schema, ours, and a
 * tenant wall without holes.
 * @throws AppError database.*
 */
export async function migrateDatabase(ownerUrl: Secret<string>, loginRole: string): Promise<void> {
  await migrateEngine(ownerUrl); // first: functions of ours name its schema
  await migrate(ownerUrl, loginRole);
  await requireWall(ownerUrl, loginRole);
}
