import { readFile } from 'node:fs/promises';

/** The most that a process ever held in memory, in MB; Linux only, where benchmarks are run. */
export async function readPeakMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  if (kilobytes === undefined) throw new Error('this system does not tell the peak of a process');
  return Number(kilobytes) / 1_024;
}
