import { Hono } from 'hono';
import { uuidv7 } from 'uuidv7';
import { SecurityEvents } from '../access/security-events.ts';
import type { Log } from '../app/log.ts';
import type { Db } from '../db/db.ts';
import type { Clock } from '../kernel/clock.ts';
import type { RunChanges } from '../runs/run-changes.ts';
import type { RunTypes } from '../runs/run-types.ts';
import type { KeyReader } from '../tenants/key-file.ts';
import { allRoutes } from './all-routes.ts';
import { describeApi } from './openapi.ts';
import { requireDeclared } from './require-declared.ts';
import type { Route } from './route.ts';
import { secureHeaders } from './secure-headers.ts';
import { serveRoute } from './serve-route.ts';
import { ServedAddress } from './served-address.ts';
import { unknownAddress, unknownRoute, unknownRouteInTenant, wrongHost } from './unknown-route.ts';
import type { WebFiles } from './web-files.ts';

export interface HttpAppOptions {
  readonly db: Db;
  readonly runTypes: RunTypes;
  readonly log: Log;
  readonly clock: Clock;
  /** For what people enter to be sealed. */
  readonly readKey: KeyReader;
  /** Absent: nothing listens yet, and nobody has a name to call it by. */
  readonly address?: ServedAddress;
  /** Who hears of runs that change; absent: there are no live events. */
  readonly changes?: RunChanges;
  /** The built web application; absent: only the API is served. */
  readonly web?: WebFiles;
}

/** Of the document, not of the product: it changes when clients must. */
const API_VERSION = '1.0.0';

/** The HTTP API with all its routes; it listens nowhere yet: `startHttpServer`. */
export function createHttpApp(options: HttpAppOptions): Hono {
  return buildHttpApp(options, allRoutes(options.runTypes, options.changes));
}

/** Serves these routes. A route that does not say who may use it stops the start. */
export function buildHttpApp(options: HttpAppOptions, routes: readonly Route[]): Hono {
  requireDeclared(routes);
  const { db, log, clock, readKey, web } = options;
  const address = options.address ?? new ServedAddress(null, []);
  const events = new SecurityEvents(db, clock);
  const server = { db, log, clock, readKey, events, address, newRequestId: uuidv7 };
  const document = JSON.stringify(describeApi(routes, API_VERSION));
  const app = new Hono();
  app.use(secureHeaders(address));
  app.use(async (c, next) => {
    if (address.isServedAs(c.req.header('host'))) return next();
    return serveRoute(server, wrongHost, c);
  });
  for (const route of routes) {
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    app.on(route.method.toUpperCase(), path, (c) => serveRoute(server, route, c));
  }
  app.get('/openapi.json', (c) => c.body(document, 200, { 'content-type': 'application/json' }));
  // A foreign tenant must not be told from an absent one by asking for nonsense below it.
  app.all('/api/tenants/:tenant/*', (c) => serveRoute(server, unknownRouteInTenant, c));
  app.all('/api/*', (c) => serveRoute(server, unknownRoute, c));
  if (web !== undefined) serveWeb(app, web);
  app.notFound((c) => serveRoute(server, unknownAddress, c));
  return app;
}

/** Files as they are; any other address outside the API is a page of the application. */
function serveWeb(app: Hono, web: WebFiles): void {
  app.get('*', async (c, next) => {
    const { path } = c.req;
    const file = web.answer(path, c.req.raw.headers);
    if (file !== undefined) return file;
    const isPage = !path.startsWith('/api/') && !path.startsWith('/assets/');
    return isPage ? web.page() : next();
  });
}
