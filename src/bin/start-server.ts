import type { App } from '../app/create-app.ts';
import type { RunningServer } from '../cli/command.ts';
import { AppError } from '../kernel/errors.ts';
import { createServer } from 'node:http';

/** Temporary: answers health only, until the HTTP room is there. */
export async function startServer(_app: App, port: number): Promise<RunningServer> {
  const server = createServer((_request, response) => response.end('{"status":"ok"}'));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  }).catch((error: unknown) => {
    throw new AppError('server.port_taken', { port }, error);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
