import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestDatabase } from './test-server.ts';

/** An HTTP server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  /** Asks it to stop, and answers how it ended. */
  stop(): Promise<number | null>;
}

/** Starts one over this database and waits until it listens. */
export async function spawnServer(database: TestDatabase): Promise<ServerProcess> {
  const main = new URL('serve-test-api.ts', import.meta.url).pathname;
  const child: ChildProcess = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, STORY_LOGIN_URL: database.loginUrl.reveal() },
  });
  const exited = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null));
  if (child.stdout === null) throw new Error('the server has no output');
  const first = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited,
  ]);
  if (!Array.isArray(first)) throw new Error(`the server ended with ${first}`);
  return {
    url: String(first[0]),
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}
