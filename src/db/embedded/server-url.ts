import { Secret } from '../../kernel/secret.ts';
import type { PostmasterFacts } from './postmaster-file.ts';

/** A connection string that node-postgres reads, for a Unix socket as for TCP. */
export function serverUrl(
  server: PostmasterFacts,
  user: string,
  password: string,
  database: string,
): Secret<string> {
  const url = new URL(`postgresql://localhost/${encodeURIComponent(database)}`);
  url.username = user;
  url.password = password;
  if (server.socketFolder === '') {
    url.hostname = server.listenAddress;
    url.port = String(server.port);
  } else {
    // Spaces as %20, not +: other clients than node-postgres read a plus as a plus.
    url.search = `host=${encodeURIComponent(server.socketFolder)}&port=${server.port}`;
  }
  return new Secret(url.href);
}
