import { type ChildProcess, spawn } from 'node:child_process';
import { environmentOf } from '../../app/config.ts';
import type { App } from '../../app/create-app.ts';

/** Ends a program of ours whose parent is gone, even by kill -9: its channel to us breaks. */
const END_WITH_PARENT = "process.on('disconnect',()=>process.kill(process.pid,'SIGTERM'))";

/**
 * A worker of the same configuration in a process of its own. It leads its own process group, so
 * that a Ctrl-C reaches only us and everything stops in order.
 */
export function spawnWorker(app: App, cliFile: string, stderr: 'inherit' | number): ChildProcess {
  return spawn(process.execPath, [cliFile, 'serve', '--worker-only'], {
    stdio: ['ignore', 'ignore', stderr, 'ipc'],
    env: environmentOf({ ...app.config, database: { kind: 'external', ...app.database } }),
    detached: true,
  });
}

/** Another Node program that ends when we do; its lines come out of `stdout`. */
export function spawnCompanion(file: string, args: readonly string[]): ChildProcess {
  const guard = `data:text/javascript,${encodeURIComponent(END_WITH_PARENT)}`;
  return spawn(process.execPath, ['--import', guard, file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    detached: true,
  });
}
