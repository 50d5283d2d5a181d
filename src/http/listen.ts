import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { SECOND } from '../kernel/durations.ts';
import { AppError } from '../kernel/errors.ts';

/** A request that takes longer to arrive is a stuck or hostile client. */
const REQUEST_TIMEOUT_MS = 30 * SECOND;
/** Answers under way at a stop may finish; an idle keep-alive connection is not waited for. */
const CLOSE_GRACE_MS = 5 * SECOND;

export interface HttpServer {
  readonly url: string;
  /** Takes no new request, lets those under way finish for some seconds, and closes. */
  close(): Promise<void>;
}

/**
 * Listens.
 * @throws AppError server.port_taken
 */
export async function startHttpServer(options: {
  readonly app: Hono;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Certificate and key, in PEM; absent: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string };
}): Promise<HttpServer> {
  const { app, host, port, tls } = options;
  const server = createAdaptorServer({
    fetch: app.fetch,
    ...(tls === undefined
      ? { createServer, serverOptions: { requestTimeout: REQUEST_TIMEOUT_MS } }
      : {
          createServer: createTlsServer,
          serverOptions: { requestTimeout: REQUEST_TIMEOUT_MS, ...tls },
        }),
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explainListenError(error, port)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  const scheme = tls === undefined ? 'http' : 'https';
  return {
    url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        const force = setTimeout(() => closeAll(server), CLOSE_GRACE_MS);
        server.close(() => {
          clearTimeout(force);
          resolve();
        });
        if ('closeIdleConnections' in server) server.closeIdleConnections();
      }),
  };
}

function closeAll(server: ReturnType<typeof createAdaptorServer>): void {
  if ('closeAllConnections' in server) server.closeAllConnections();
}

function explainListenError(error: Error, port: number): Error {
  const isTaken = 'code' in error && error.code === 'EADDRINUSE';
  return isTaken ? new AppError('server.port_taken', { port }, error) : error;
}
