import { boundHeap } from '../../app/bound-heap.ts';
import type { Config } from '../../app/config.ts';
import { createApp } from '../../app/create-app.ts';
import type { Log } from '../../app/log.ts';
import { openDatabase } from '../../app/open-database.ts';
import { startAppWorker } from '../../app/start-app-worker.ts';
import { REPLACE_ME } from '../../app/supervise-process.ts';
import { awaitStop } from '../await-stop.ts';

/** Added to the grace that a stop gives to items in work; then the process ends whatever waits. */
const HARD_EXIT_AFTER_MS = 10_000;

/** Works runs until somebody asks to stop. */
export async function runWorker(config: Config, log: Log, stop: AbortSignal): Promise<void> {
  boundHeap();
  const database = await openDatabase(config.database, log);
  const app = createApp(config, database, log);
  // Declared dead, or without its engine: whatever it still held belongs to others now.
  const worker = await startAppWorker(app, () => process.exit(REPLACE_ME));
  log.info('worker ready');
  await awaitStop(stop);
  const limitMs = config.worker.stopGraceMs + HARD_EXIT_AFTER_MS;
  const hardExit = setTimeout(() => process.exit(REPLACE_ME), limitMs);
  await worker.stop();
  await app.close();
  await database.close();
  clearTimeout(hardExit);
}
