import { sql } from 'kysely';
import type { Db } from '../db/db.ts';
import { asSystem } from '../db/system-tx.ts';
import type { WorkerId } from '../kernel/ids.ts';

/** The row is inserted once and from then on only updated, so a dead worker stays dead. */
export async function registerWorker(db: Db, id: WorkerId, engineId: string): Promise<void> {
  await asSystem(db, async ({ system }) => {
    await system.insertInto('workers').values({ id, engine_id: engineId }).execute();
  });
}

/** @returns false when this worker was declared dead: it must end at once */
export async function beat(db: Db, id: WorkerId): Promise<boolean> {
  return asSystem(db, async ({ system }) => {
    const result = await system
      .updateTable('workers')
      .set({ beat_at: sql`clock_timestamp()` })
      .where('id', '=', id)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  });
}

/** A worker that stops in order is not waited for. */
export async function unregisterWorker(db: Db, id: WorkerId): Promise<void> {
  await asSystem(db, async ({ system }) => {
    await system.deleteFrom('workers').where('id', '=', id).execute();
  });
}
