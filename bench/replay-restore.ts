import { z } from 'zod';
import { nextLinksIn, type Replayed, type Sender } from './replay.ts';
import type { ItemWrites, RestoreCalls } from './restore-calls.ts';

const madeSchema = z.looseObject({ id: z.string() });

/**
 * Writes what a restore writes and stores nothing: looks what is there, then makes each object and
 * what depends on it, then reads it back. Nothing waits for what it does not depend on; when a
 * write goes is the sender's choice.
 */
export async function replayRestore(calls: RestoreCalls, sender: Sender): Promise<Replayed> {
  let sent = 0;
  const readAll = async (path: string): Promise<void> => {
    sent += 1;
    await Promise.all(nextLinksIn(await sender.get(path)).map(readAll));
  };
  const writeItem = async ([create, ...others]: ItemWrites): Promise<void> => {
    if (create === undefined) return;
    sent += 1;
    const { id } = madeSchema.parse(await sender.post(create.path, create.body));
    const pathOf = (path: string) => path.replace('{id}', encodeURIComponent(id));
    for (const { path, body } of others) {
      sent += 1;
      await sender.post(pathOf(path), body);
    }
    await Promise.all(calls.readBack.map((path) => readAll(pathOf(path))));
  };
  const beganAt = performance.now();
  await Promise.all(calls.lists.map(readAll));
  await Promise.all(calls.items.map(writeItem));
  return { seconds: (performance.now() - beganAt) / 1_000, calls: sent };
}
