import type { Config } from '../../app/config.ts';
import { type App, createApp } from '../../app/create-app.ts';
import type { Log } from '../../app/log.ts';
import { type OpenDatabase, openDatabase } from '../../app/open-database.ts';
import { ProcessSupervisor } from '../../app/supervise-process.ts';
import type { CliParts, RunningServer } from '../command.ts';
import { spawnWorker } from './spawn-program.ts';

export interface ServerOptions {
  readonly config: Config;
  readonly log: Log;
  readonly parts: CliParts;
  /** False: only HTTP; workers run elsewhere. */
  readonly hasWorker: boolean;
  /** Opened by the caller, who also closes it; else the configured one is opened here. */
  readonly database?: OpenDatabase;
  /** Where the worker's log goes: a file's descriptor. */
  readonly workerLog?: number;
}

export interface ServingApp {
  readonly url: string;
  /** What links for people begin with. */
  readonly publicUrl: string;
  readonly app: App;
  readonly supervisor: ProcessSupervisor | null;
  close(): Promise<void>;
}

/** The HTTP server and, beside it, a worker process that is started again whenever it ends. */
export async function runServer(options: ServerOptions): Promise<ServingApp> {
  const { config, log, parts } = options;
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const database = options.database ?? (await openDatabase(config.database, log));
    if (options.database === undefined) closers.push(() => database.close());
    const app = createApp(config, database, log);
    closers.push(() => app.close());
    const server: RunningServer = await parts.startServer(app, config.port);
    closers.push(() => server.close());
    const supervisor = options.hasWorker ? superviseWorker(app, options) : null;
    if (supervisor !== null) closers.push(() => supervisor.stop());
    const { url, publicUrl } = server;
    return { url, publicUrl, app, supervisor, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function superviseWorker(app: App, options: ServerOptions): ProcessSupervisor {
  const { log, parts, workerLog } = options;
  return new ProcessSupervisor({
    start: () => spawnWorker(app, parts.cliFile, workerLog ?? 'inherit'),
    clock: app.clock,
    log,
  });
}
