import type { App } from '../app/create-app.ts';
import type { RunningServer } from '../cli/command.ts';
import { createHttpApp } from '../http/create-http-app.ts';
import { startHttpServer } from '../http/listen.ts';

/** The API on this machine only; whoever wants it elsewhere puts a proxy with TLS before it. */
const HOST = '127.0.0.1';

/** Serves the HTTP API of a process. */
export function startServer(app: App, port: number): Promise<RunningServer> {
  return startHttpServer({ app: createHttpApp(app), host: HOST, port });
}
