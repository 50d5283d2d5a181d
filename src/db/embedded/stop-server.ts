import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../kernel/clock.ts';
import { MINUTE } from '../../kernel/durations.ts';
import { AppError } from '../../kernel/errors.ts';
import { findPostmaster } from './postmaster-file.ts';

/** A fast stop writes a checkpoint; on a slow disk that can take a while. */
const STOP_TIMEOUT_MS = MINUTE;

/** Ends the server of a cluster and waits until it is gone. Call it under the start lock. */
export async function stopServer(cluster: string): Promise<void> {
  const running = await findPostmaster(cluster);
  if (running === null) return;
  // SIGINT is PostgreSQL's fast stop: connections are cut, transactions rolled back.
  process.kill(running.pid, 'SIGINT');
  const deadline = systemClock.monotonicMs() + STOP_TIMEOUT_MS;
  while ((await findPostmaster(cluster)) !== null) {
    if (systemClock.monotonicMs() > deadline) {
      throw new AppError('embedded.start_failed', { reason: 'stop_timeout' });
    }
    await pause(10);
  }
}
