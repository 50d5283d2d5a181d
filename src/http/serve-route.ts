import type { Context } from 'hono';
import type { Principal } from '../access/principal.ts';
import type { Denial, SecurityEvents } from '../access/security-events.ts';
import { recogniseSession, requireOpenSession } from '../access/sessions.ts';
import { recogniseToken } from '../access/tokens.ts';
import type { Log } from '../app/log.ts';
import type { Db } from '../db/db.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { KeyReader } from '../tenants/key-file.ts';
import { respondWithError } from './error-response.ts';
import { nameBrowser } from './name-browser.ts';
import { receiveBody } from './read-body.ts';
import { requireSameSite } from './require-same-site.ts';
import type { Answer, GuardedRoute, Route } from './route.ts';
import type { ServedAddress } from './served-address.ts';
import { readSessionCookie } from './session-cookie.ts';

export interface HttpServerParts {
  readonly db: Db;
  readonly log: Log;
  readonly events: SecurityEvents;
  readonly readKey: KeyReader;
  readonly clock: Clock;
  readonly address: ServedAddress;
  newRequestId(): string;
}

/** One request from its headers to its answer. The request's id is in a header only. */
export async function serveRoute(
  server: HttpServerParts,
  route: Route,
  c: Context,
): Promise<Response> {
  const requestId = server.newRequestId();
  const name = `${route.method.toUpperCase()} ${route.path}`;
  let principal: Principal | undefined;
  let response: Response;
  try {
    if (route.capability === 'public') {
      if (route.method !== 'get') requireSameSite(c.req.raw.headers, server.address.origin());
      response = answerWith(route, await route.serve(await receiveCall(server, c)));
    } else {
      const caller = await recognise(server, route, c);
      principal = caller.principal;
      const call = { ...(await receiveCall(server, c)), ...caller };
      response = answerWith(route, await route.serve(call));
    }
  } catch (error) {
    await recordDenial(server, error, principal, name, requestId);
    response = respondWithError(error, { log: server.log, requestId, route: name });
  }
  response.headers.set('x-request-id', requestId);
  return response;
}

/** A program by its token, else a browser by its session, whose writes come from our own pages. */
async function recognise(server: HttpServerParts, route: GuardedRoute, c: Context) {
  const header = c.req.header('authorization');
  if (header !== undefined) {
    const principal = await recogniseToken(server.db, header);
    requireAdmin(route, principal);
    const recheck = async () => void (await recogniseToken(server.db, header));
    return { principal, sessionSecret: undefined, recheck };
  }
  const sessionSecret = readSessionCookie(c.req.header('cookie'));
  if (sessionSecret === undefined) throw new AppError('unauthorized');
  if (route.method !== 'get') requireSameSite(c.req.raw.headers, server.address.origin());
  const principal = await recogniseSession(server.db, sessionSecret);
  requireAdmin(route, principal);
  const recheck = () => requireOpenSession(server.db, sessionSecret);
  return { principal, sessionSecret, recheck };
}

function requireAdmin({ capability }: GuardedRoute, { isAdmin }: Principal): void {
  if (capability === 'admin' && !isAdmin) throw new AppError('admin.needed');
}

async function receiveCall({ db, readKey, clock, address }: HttpServerParts, c: Context) {
  return {
    db,
    readKey,
    clock,
    origin: address.origin(),
    place: { browser: nameBrowser(c.req.header('user-agent')), network: address.peerOf(c) },
    params: c.req.param(),
    query: c.req.query(),
    body: await receiveBody(c.req.raw),
    header: (headerName: string) => c.req.header(headerName),
  };
}

/** The schema is also the list of what may leave: a column that it does not name stays here. */
function answerWith(route: Route, answer: Answer): Response {
  if (answer.stream !== undefined) {
    // a proxy that gathers an answer before it passes it on would tell nothing
    const headers = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };
    return new Response(answer.stream, { status: answer.status, headers });
  }
  return new Response(JSON.stringify(route.answer.parse(answer.body)), {
    status: answer.status,
    headers: { 'content-type': 'application/json', ...answer.headers },
  });
}

async function recordDenial(
  server: HttpServerParts,
  error: unknown,
  principal: Principal | undefined,
  route: string,
  requestId: string,
): Promise<void> {
  const kind = error instanceof AppError ? denialOf(error) : undefined;
  if (kind === undefined) return;
  try {
    await server.events.record({ kind, userId: principal?.userId ?? null, route });
  } catch (cause) {
    // The denial itself stands; only its record is lost.
    server.log.error('a denial could not be recorded', { requestId, route, error: cause });
  }
}

/** What is recorded of those who were not let through. */
const DENIALS: readonly Denial['kind'][] = [
  'unauthorized',
  'forbidden',
  'capability.missing',
  'sign_in.refused',
  'sign_in.too_many',
  'admin.needed',
  'request.cross_site',
];

function denialOf(error: AppError): Denial['kind'] | undefined {
  const { code } = error;
  return DENIALS.find((denial) => denial === code);
}
