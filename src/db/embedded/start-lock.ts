import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../kernel/clock.ts';
import { MINUTE } from '../../kernel/durations.ts';
import { AppError } from '../../kernel/errors.ts';
import { fileFailure, systemCode } from './file-failure.ts';
import { findProcess } from './process-table.ts';

/** Longer than a first start with a long recovery; a holder that died is noticed at once. */
const WAIT_MS = 3 * MINUTE;
const POLL_MS = 20;

/**
 * Lets one process at a time start, adopt or stop the server of a data folder. The lock is a file
 * that names its holder; a holder that no longer lives holds nothing.
 */
export async function withStartLock<T>(dataFolder: string, work: () => Promise<T>): Promise<T> {
  const lock = join(dataFolder, 'start.lock');
  const claim = `${lock}.${randomUUID()}`;
  const self = await holderName(process.pid);
  try {
    await writeFile(claim, self, { mode: 0o600, flag: 'wx' });
    await takeLock(lock, claim);
  } catch (error) {
    throw fileFailure(error, dataFolder);
  } finally {
    await rm(claim, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function takeLock(lock: string, claim: string): Promise<void> {
  const deadline = systemClock.monotonicMs() + WAIT_MS;
  while (systemClock.monotonicMs() < deadline) {
    try {
      // A link is made whole or not at all: nobody ever reads a lock without its holder's name.
      await link(claim, lock);
      return;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
    await breakStaleLock(lock);
    await pause(POLL_MS);
  }
  throw new AppError('embedded.start_failed', { reason: 'lock_timeout' });
}

async function breakStaleLock(lock: string): Promise<void> {
  const holder = await readFile(lock, 'utf8').catch(() => null);
  if (holder === null || (await isAlive(holder))) return;
  const aside = `${lock}.${randomUUID()}`;
  await rename(lock, aside).catch(() => undefined);
  // Two waiters may find the same dead holder: the slower one would take away the lock that the
  // faster one has made since, so it is put back. Should both slip through, PostgreSQL's own lock
  // still admits only one server.
  const taken = await readFile(aside, 'utf8').catch(() => null);
  if (taken !== null && taken !== holder) await link(aside, lock).catch(() => undefined);
  await rm(aside, { force: true });
}

async function isAlive(holder: string): Promise<boolean> {
  const pid = Number(holder.split(' ')[0]);
  return Number.isInteger(pid) && pid > 0 && (await holderName(pid)) === holder;
}

async function holderName(pid: number): Promise<string> {
  return `${pid} ${(await findProcess(pid))?.startMark ?? 'gone'}`;
}
