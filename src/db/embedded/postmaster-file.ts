import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProcess } from './process-table.ts';

/** What a running server tells about itself in `postmaster.pid`, its eight lines. */
export interface PostmasterFacts {
  readonly pid: number;
  readonly port: number;
  /** Empty when the server listens on TCP only. */
  readonly socketFolder: string;
  readonly listenAddress: string;
  readonly isReady: boolean;
}

/** The server that runs on this cluster, also while it starts or stops; null when there is none. */
export async function findPostmaster(cluster: string): Promise<PostmasterFacts | null> {
  const facts = await readPostmasterFile(cluster);
  if (facts === null) return null;
  const found = await findProcess(facts.pid);
  if (found === null) return null;
  // After a crash the id may belong to somebody else; a postmaster works in its data folder.
  const isOurs =
    found.workFolder === null
      ? found.command.includes(`-D ${cluster} `)
      : found.workFolder === cluster;
  return isOurs ? facts : null;
}

async function readPostmasterFile(cluster: string): Promise<PostmasterFacts | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid = '', , , port = '', socketFolder = '', listenAddress = '', , status = ''] =
    text.split('\n');
  if (!/^\d+$/.test(pid)) return null;
  return {
    pid: Number(pid),
    port: Number(port),
    socketFolder,
    listenAddress,
    isReady: status.trim() === 'ready',
  };
}

/** Above every system's highest process id, so that nobody ever bears it. */
const NOBODYS_PID = '2147483646';

/**
 * Makes PostgreSQL start again where the last server was killed: it refuses while the process id
 * of its lock file is in use, be it by a zombie or by a stranger. Only the id is replaced, the
 * rest stays: from it PostgreSQL sees whether children of the dead server still use the data.
 * Call it only when `findPostmaster` found nothing, under the start lock.
 */
export async function releaseDeadPostmaster(cluster: string, socketFolder: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text !== null) {
    const end = text.indexOf('\n');
    if (end < 0) await rm(file, { force: true });
    else await writeFile(file, NOBODYS_PID + text.slice(end));
  }
  await rm(join(socketFolder, '.s.PGSQL.5432.lock'), { force: true });
}
