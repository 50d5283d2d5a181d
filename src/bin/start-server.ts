import { readFile } from 'node:fs/promises';
import type { App } from '../app/create-app.ts';
import type { HttpConfig } from '../app/http-config.ts';
import type { RunningServer } from '../cli/command.ts';
import { createHttpApp } from '../http/create-http-app.ts';
import { startHttpServer } from '../http/listen.ts';
import { ServedAddress } from '../http/served-address.ts';
import { WebFiles } from '../http/web-files.ts';
import { RunChanges } from '../runs/run-changes.ts';

/** Serves the HTTP API and the web application of a process. */
export async function startServer(app: App, port: number): Promise<RunningServer> {
  const { listen, publicUrl, trustedProxies, tls } = app.config.http;
  const address = new ServedAddress(publicUrl, trustedProxies);
  const changes = new RunChanges(app.database.loginUrl, (error) =>
    app.log.warn('live events are interrupted', { error }),
  );
  changes.start();
  const server = await startHttpServer({
    app: createHttpApp({ ...app, address, changes, web: await WebFiles.read() }),
    host: listen,
    port,
    ...(tls !== null && { tls: await readTls(tls) }),
  });
  address.listensOn(server.url);
  return {
    url: server.url,
    publicUrl: address.origin(),
    close: async () => {
      await changes.close();
      await server.close();
    },
  };
}

async function readTls({ certFile, keyFile }: NonNullable<HttpConfig['tls']>) {
  const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
  return { cert, key };
}
