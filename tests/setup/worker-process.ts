import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { QueueWorld } from './queue-fixture.ts';

/** A worker in a process of its own, that can be killed. */
export interface WorkerProcess {
  readonly child: ChildProcess;
  /** Settles with the exit code, or null after a signal. */
  readonly exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts one and waits until it takes tickets. `main` makes it of its environment. */
export async function spawnWorker(
  world: QueueWorld,
  main = 'counting-worker.ts',
  environment: Record<string, string> = {},
  errors: 'inherit' | 'ignore' = 'inherit',
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [new URL(main, import.meta.url).pathname], {
    stdio: ['ignore', 'pipe', errors],
    env: {
      ...process.env,
      STORY_OWNER_URL: world.database.ownerUrl.reveal(),
      STORY_LOGIN_URL: world.database.loginUrl.reveal(),
      ...environment,
    },
  });
  const exited = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null));
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), exited]);
  if (!Array.isArray(first)) throw new Error(`the worker ended with ${first}`);
  return { child, exited, kill: (signal) => child.kill(signal) };
}
