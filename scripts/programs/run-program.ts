import { spawn } from 'node:child_process';
import { basename } from 'node:path';

export interface ProgramEnd {
  readonly exitCode: number;
  /** Both outputs, in the order in which they came. */
  readonly output: string;
  readonly stdout: string;
}

export interface ProgramPlace {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Root may run it as somebody else. */
  readonly uid?: number;
  readonly gid?: number;
}

/** Runs a program to its end and keeps what it said. */
export async function runProgram(
  program: string,
  args: readonly string[],
  place: ProgramPlace,
): Promise<ProgramEnd> {
  const child = spawn(program, args, { ...place, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  return { exitCode, output, stdout };
}

/** npm as we were started by it, else the one on the path. */
export function runNpm(args: readonly string[], place: ProgramPlace): Promise<ProgramEnd> {
  const cli = process.env['npm_execpath'] ?? '';
  return basename(cli).startsWith('npm')
    ? runProgram(process.execPath, [cli, ...args], place)
    : runProgram('npm', args, place);
}
