import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { TestDatabase } from './test-server.ts';

/** How a command line ended. */
export interface CliEnding {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line that is still going on. */
export interface RunningCli {
  readonly pid: number;
  /** Resolves with the first match in standard output; rejects when the process ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  signal(signal: NodeJS.Signals): void;
  readonly ended: Promise<CliEnding>;
}

/** `tenantatlas` as a process of its own: as a person or a script would call it. */
export class CliWorld {
  /** A home of its own, so that no command finds the token or key of whoever runs the tests. */
  readonly home: string;
  readonly environment: Record<string, string>;
  readonly #running = new Set<RunningCli>();

  constructor(home: string, environment: Record<string, string>) {
    this.home = home;
    this.environment = environment;
  }

  async run(args: readonly string[], stdin = ''): Promise<CliEnding> {
    return this.start(args, stdin).ended;
  }

  start(args: readonly string[], stdin = ''): RunningCli {
    const child = spawn(process.execPath, [CLI, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: this.home, ...this.environment },
    });
    child.stdin.end(stdin);
    const running = observe(child);
    this.#running.add(running);
    return running;
  }

  async close(): Promise<void> {
    for (const running of this.#running) running.signal('SIGTERM');
    for (const running of this.#running) await running.ended;
    await rm(this.home, { recursive: true, force: true });
  }
}

const CLI = fileURLToPath(new URL('../../src/bin/cli.ts', import.meta.url));

/** With an external database, as an installation that brings its own PostgreSQL. */
export async function openCliWorld(
  database: TestDatabase | null,
  environment: Record<string, string> = {},
): Promise<CliWorld> {
  const home = await mkdtemp(join(tmpdir(), 'atlas-cli-'));
  return new CliWorld(home, {
    ...(database === null
      ? {}
      : {
          DATABASE_URL: database.loginUrl.reveal(),
          DATABASE_OWNER_URL: database.ownerUrl.reveal(),
        }),
    TENANTATLAS_KEY_FILE: join(home, 'keys/main.key'),
    ...environment,
  });
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

function observe(child: Child): RunningCli {
  const said = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  child.stdout.on('data', (text: Buffer) => {
    said.stdout += text.toString();
    for (const listen of listeners) listen();
  });
  child.stderr.on('data', (text: Buffer) => {
    said.stderr += text.toString();
  });
  const ended = new Promise<CliEnding>((resolve) => {
    child.once('close', (code) => resolve({ code, ...said }));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    signal: (signal) => void child.kill(signal),
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(said.stdout);
          if (found === null) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        void ended.then(() => reject(new Error(`ended before ${pattern}: ${said.stderr}`)));
        look();
      }),
  };
}
