import type { Context } from 'hono';
import type { Denial, SecurityEvents } from '../access/security-events.ts';
import { authenticate, type Principal } from '../access/tokens.ts';
import type { Log } from '../app/log.ts';
import type { Db } from '../db/db.ts';
import { AppError } from '../kernel/errors.ts';
import type { KeyReader } from '../tenants/key-file.ts';
import { respondWithError } from './error-response.ts';
import { receiveBody } from './read-body.ts';
import type { Answer, Route } from './route.ts';

export interface HttpServerParts {
  readonly db: Db;
  readonly log: Log;
  readonly events: SecurityEvents;
  readonly readKey: KeyReader;
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
      response = answerWith(route, await route.serve());
    } else {
      principal = await authenticate(server.db, c.req.header('authorization'));
      response = answerWith(route, await route.serve(await receiveCall(server, principal, c)));
    }
  } catch (error) {
    await recordDenial(server, error, principal, name, requestId);
    response = respondWithError(error, { log: server.log, requestId, route: name });
  }
  response.headers.set('x-request-id', requestId);
  return response;
}

async function receiveCall({ db, readKey }: HttpServerParts, principal: Principal, c: Context) {
  return {
    db,
    readKey,
    principal,
    params: c.req.param(),
    query: c.req.query(),
    body: await receiveBody(c.req.raw),
    header: (headerName: string) => c.req.header(headerName),
  };
}

/** The schema is also the list of what may leave: a column that it does not name stays here. */
function answerWith(route: Route, answer: Answer): Response {
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

function denialOf(error: AppError): Denial['kind'] | undefined {
  const { code } = error;
  const isDenial = code === 'unauthorized' || code === 'forbidden' || code === 'capability.missing';
  return isDenial ? code : undefined;
}
