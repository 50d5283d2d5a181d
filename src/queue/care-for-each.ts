import { AppError } from '../kernel/errors.ts';
import type { QueueLog } from './log.ts';

/**
 * One duty over many things. One that fails is logged and left for the next round, so that it keeps
 * no other waiting; a database that is away ends the round.
 * @returns for how many `care` answered true
 */
export async function careForEach<Thing>(
  things: readonly Thing[],
  log: QueueLog,
  care: (thing: Thing) => Promise<boolean>,
): Promise<number> {
  let count = 0;
  for (const thing of things) {
    try {
      if (await care(thing)) count += 1;
    } catch (error) {
      if (error instanceof AppError && error.code === 'database.unreachable') throw error;
      log.failed('caretaking failed', {}, error);
    }
  }
  return count;
}
