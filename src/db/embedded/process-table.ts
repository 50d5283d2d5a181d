import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface ProcessFacts {
  /** Differs between two processes that bore the same id one after the other. */
  readonly startMark: string;
  readonly command: string;
  /** Null where the system does not tell: other users' processes in most containers, macOS. */
  readonly workFolder: string | null;
}

const run = promisify(execFile);

/** A living process, or null. A zombie counts as gone: it does nothing and cannot be ended. */
export async function findProcess(pid: number): Promise<ProcessFacts | null> {
  return process.platform === 'linux' ? readProcFolder(pid) : askProcessStatus(pid);
}

async function readProcFolder(pid: number): Promise<ProcessFacts | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  // The name in brackets may hold anything, also brackets; the state is the first word behind it.
  const [state = 'Z', ...words] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return null;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const workFolder = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  // starttime is field 22 of proc(5), counted from 1; two fields are gone and one is `state`.
  return { startMark: words[18] ?? '', command: command.replaceAll('\0', ' '), workFolder };
}

async function askProcessStatus(pid: number): Promise<ProcessFacts | null> {
  const format = ['-o', 'stat=', '-o', 'lstart=', '-o', 'command=', '-p', String(pid)];
  const answer = await run('/bin/ps', format, { env: { LC_ALL: 'C' } }).catch(() => null);
  const line = answer?.stdout.trim() ?? '';
  // "Ss   Mon Nov 24 10:00:00 2026 /path/to/postgres -D ..."
  const match = /^(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(line);
  if (match === null || match[1]?.startsWith('Z')) return null;
  return { startMark: match[2] ?? '', command: match[3] ?? '', workFolder: null };
}
