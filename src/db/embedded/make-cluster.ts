import { spawn } from 'node:child_process';
import { chown, mkdtemp, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import type { Binaries } from './binaries.ts';
import type { DataPlace } from './data-place.ts';
import { fileFailure, serverFailure, systemCode } from './file-failure.ts';
import type { Passwords } from './passwords.ts';
import { spawnIdentity } from './server-user.ts';

/** The data format of the binaries we ship; data of another one cannot be opened by them. */
const MAJOR_VERSION = '18';

/** The environment of the server's processes: fixed, so that messages and formats never vary. */
export const SERVER_ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' } as const;

/** Whether PostgreSQL's data is there; refuses data of another major version. */
export async function hasCluster(place: DataPlace): Promise<boolean> {
  if ((await stat(place.cluster).catch(missingIsNull)) === null) return false;
  const version = await readFile(join(place.cluster, 'PG_VERSION'), 'utf8').catch(() => '');
  const dataVersion = version.trim();
  if (dataVersion === MAJOR_VERSION) return true;
  throw new AppError('embedded.data_unusable', { reason: 'data_version', dataVersion });
}

/**
 * Makes the cluster aside and renames it when whole, so that a start that is killed half-way
 * leaves nothing that looks like data.
 */
export async function makeCluster(
  place: DataPlace,
  binaries: Binaries,
  passwords: Passwords,
  isDurable: boolean,
): Promise<void> {
  try {
    const making = await mkdtemp(join(place.folder, 'making-cluster-'));
    const passwordFile = join(making, 'password');
    try {
      await writeFile(passwordFile, passwords.reveal().postgres, { mode: 0o600 });
      if (place.user.isDropped) {
        await chown(making, place.user.uid, place.user.gid);
        await chown(passwordFile, place.user.uid, place.user.gid);
      }
      await runInitdb(place, binaries, join(making, 'pg'), passwordFile, isDurable);
      await rename(join(making, 'pg'), place.cluster);
      await flushFolder(place.folder);
    } finally {
      await rm(making, { recursive: true, force: true });
    }
  } catch (error) {
    throw fileFailure(error, place.folder);
  }
}

async function runInitdb(
  place: DataPlace,
  binaries: Binaries,
  target: string,
  passwordFile: string,
  isDurable: boolean,
): Promise<void> {
  const flags = ['-D', target, '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', passwordFile];
  flags.push('-E', 'UTF8', '--locale-provider=builtin', '--locale=C.UTF-8');
  if (!isDurable) flags.push('--no-sync');
  // The working folder may be closed to the server's user, who would stop there.
  const child = spawn(binaries.initdb, flags, {
    cwd: '/',
    env: SERVER_ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...spawnIdentity(place.user),
  });
  const output: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => output.push(text));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(spawnFailure(error)));
    child.once('close', resolve);
  });
  if (exitCode === 0) return;
  throw serverFailure(output.join(''), { step: 'initdb', exitCode: exitCode ?? -1 });
}

/** A program that exists and cannot be executed is one for another system (musl, for example). */
export function spawnFailure(error: Error): AppError {
  const systemError = systemCode(error);
  const code = ['ENOENT', 'ENOEXEC'].includes(systemError)
    ? 'embedded.unsupported_platform'
    : 'embedded.start_failed';
  return new AppError(code, { systemError }, error);
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function missingIsNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
