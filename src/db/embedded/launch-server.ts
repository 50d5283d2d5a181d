import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../kernel/clock.ts';
import { MINUTE, SECOND } from '../../kernel/durations.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Binaries } from './binaries.ts';
import type { DataPlace } from './data-place.ts';
import { fileFailure, serverFailure } from './file-failure.ts';
import { SERVER_ENVIRONMENT, spawnFailure } from './make-cluster.ts';
import { findPostmaster, type PostmasterFacts, releaseDeadPostmaster } from './postmaster-file.ts';
import { spawnIdentity } from './server-user.ts';

export type ServerSettings = Readonly<Record<string, string>>;

/** Made for a small machine that the application shares. */
const BASE_SETTINGS: ServerSettings = {
  shared_buffers: '128MB',
  max_connections: '200',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // The log must never hold rows or statements: they carry policy bodies and credentials.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/** A long recovery after a crash is allowed to take its time. */
const READY_TIMEOUT_MS = 2 * MINUTE;
const POLL_MS = 10;
const PORT_ATTEMPTS_MAX = 10;
/** Children of a killed postmaster notice its death within a second or so. */
const ORPHANS_TIMEOUT_MS = 10 * SECOND;
const LOG_BYTES_MAX = 10_000_000;

/** Starts the server and waits until it takes connections. Call it under the start lock. */
export async function launchServer(
  place: DataPlace,
  binaries: Binaries,
  settings: ServerSettings,
): Promise<PostmasterFacts> {
  const deadline = systemClock.monotonicMs() + ORPHANS_TIMEOUT_MS;
  await rotateLog(place.log);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await releaseDeadPostmaster(place.cluster, place.socketFolder);
      return await launchOnce(place, binaries, listening(place, settings));
    } catch (error) {
      const failure = fileFailure(error, place.folder);
      const isPortChosen = failure.code === 'embedded.port_taken' && settings['port'] === undefined;
      const mayRetryPort = isPortChosen && attempt < PORT_ATTEMPTS_MAX;
      const mayAwaitOrphans = hasOrphans(failure) && systemClock.monotonicMs() < deadline;
      if (!mayRetryPort && !mayAwaitOrphans) throw failure;
      if (mayAwaitOrphans) await pause(100);
    }
  }
}

function hasOrphans(failure: AppError): boolean {
  const { cause } = failure;
  return cause instanceof Error && cause.message.includes('shared memory block');
}

/** A Unix socket where its path fits, else a port that nobody else is likely to use. */
function listening(place: DataPlace, settings: ServerSettings): ServerSettings {
  const socketPathMax = process.platform === 'darwin' ? 103 : 107;
  const socketPath = join(place.socketFolder, '.s.PGSQL.5432');
  const fits = Buffer.byteLength(socketPath) <= socketPathMax && !/[",]/.test(socketPath);
  if (fits && settings['port'] === undefined) {
    const socket = { unix_socket_directories: `"${place.socketFolder}"`, port: '5432' };
    return { ...BASE_SETTINGS, listen_addresses: '', ...socket, ...settings };
  }
  // Below the range from which systems give ports to outgoing connections.
  const port = String(randomInt(20_000, 32_768));
  const address = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port };
  return { ...BASE_SETTINGS, ...address, ...settings };
}

async function launchOnce(
  place: DataPlace,
  binaries: Binaries,
  settings: ServerSettings,
): Promise<PostmasterFacts> {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = await open(place.log, 'a+', 0o600);
  try {
    const { size } = await log.stat();
    // Detached: it outlives us, and Ctrl-C in our terminal is not meant for it.
    const child = spawn(binaries.postgres, ['-D', place.cluster, ...flags], {
      cwd: '/',
      detached: true,
      env: SERVER_ENVIRONMENT,
      stdio: ['ignore', log.fd, log.fd],
      ...spawnIdentity(place.user),
    });
    let failure: AppError | undefined;
    child.once('error', (error) => {
      failure = spawnFailure(error);
    });
    child.unref();
    const started = await awaitReady(place, () => child.exitCode !== null || failure !== undefined);
    if (started !== null) return started;
    if (failure !== undefined) throw failure;
    const { bytesRead, buffer } = await log.read(Buffer.alloc(20_000), 0, 20_000, size);
    const output = buffer.toString('utf8', 0, bytesRead);
    throw serverFailure(output, { step: 'start', exitCode: child.exitCode ?? -1 });
  } finally {
    await log.close();
  }
}

/** Waits for "ready"; null when the server ended before. */
export async function awaitReady(
  place: DataPlace,
  hasEnded: () => boolean,
): Promise<PostmasterFacts | null> {
  const deadline = systemClock.monotonicMs() + READY_TIMEOUT_MS;
  while (systemClock.monotonicMs() < deadline) {
    if (hasEnded()) return null;
    const facts = await findPostmaster(place.cluster);
    if (facts?.isReady) return facts;
    await pause(POLL_MS);
  }
  throw new AppError('embedded.start_failed', { reason: 'ready_timeout' });
}

async function rotateLog(log: string): Promise<void> {
  const size = (await stat(log).catch(() => null))?.size ?? 0;
  if (size > LOG_BYTES_MAX) await rename(log, `${log}.1`);
}
