import { z } from 'zod';
import { type Authority, authorise } from '../access/authorise.ts';
import type { Principal } from '../access/principal.ts';
import type { SignInPlace } from '../access/sessions.ts';
import type { Db } from '../db/db.ts';
import { inTenant, type TenantTx } from '../db/tenant-tx.ts';
import type { Capability } from '../kernel/capabilities.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { type TenantId, tenantIdSchema } from '../kernel/ids.ts';
import type { KeyReader } from '../tenants/key-file.ts';
import { parseBody, type ReceivedBody } from './read-body.ts';
import { readInput } from './read-input.ts';
import { findRecordIds } from './record-ids.ts';
import { requireRecords } from './require-records.ts';

/** What is known of a route without calling it: for the router, the document, and the tests. */
interface RouteFacts {
  readonly method: 'get' | 'post';
  /** As in OpenAPI: `/api/tenants/{tenant}/runs/{run}`. */
  readonly path: string;
  readonly summary: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body: z.ZodType;
  readonly headers?: z.ZodObject;
  readonly answer: z.ZodType;
  /** The statuses that it answers when all is well. */
  readonly statuses: readonly number[];
}

/** A route that says nothing about anybody. */
export interface PublicRoute extends RouteFacts {
  readonly capability: 'public';
  serve(call: StrangerCall): Promise<Answer>;
}

/** A route for people: signed in, admins, or holding a capability in the tenant of its path. */
export interface GuardedRoute extends RouteFacts {
  readonly capability: Capability | 'signed-in' | 'admin';
  serve(call: Call): Promise<Answer>;
}

export type Route = PublicRoute | GuardedRoute;

/** A request of whoever: nothing of it has been looked at. */
export interface StrangerCall {
  readonly db: Db;
  readonly readKey: KeyReader;
  readonly clock: Clock;
  /** What links for people begin with. */
  readonly origin: string;
  /** From where it came, as a session remembers it. */
  readonly place: SignInPlace;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: ReceivedBody;
  header(name: string): string | undefined;
}

/** A request whose caller has been recognised. */
export interface Call extends StrangerCall {
  readonly principal: Principal;
  /** Of the caller's session; undefined for a token. */
  readonly sessionSecret: string | undefined;
  /** Throws once the token or session opens nothing any more: for answers that go on. */
  recheck(): Promise<void>;
}

export interface Answer<Body = unknown> {
  readonly status: number;
  readonly body: Body;
  readonly headers?: Readonly<Record<string, string>>;
  /** In the place of the body: server-sent events, for as long as they are read. */
  readonly stream?: ReadableStream<Uint8Array>;
}

/** For routes that take nothing there. */
export const NOTHING = z.strictObject({});

/** A request inside its tenant: authorised, its records seen to exist, its input valid. */
export interface TenantRequest<Params, Query, Body> {
  readonly tx: TenantTx;
  readonly readKey: KeyReader;
  readonly clock: Clock;
  readonly principal: Principal;
  readonly authority: Authority;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  header(name: string): string | undefined;
}

interface TenantRouteDefinition<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Result extends z.ZodType,
> extends RouteFacts {
  readonly capability: Capability;
  /** Path parameters besides the tenant. */
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly answer: Result;
  /** Ids in this body that need no look-up: a foreign key refuses them if they are not ours. */
  recordsHeldByKeys?(body: unknown): readonly string[];
  handle(
    request: TenantRequest<z.output<Params>, z.output<Query>, z.output<Body>>,
  ): Promise<Answer<z.input<Result>>>;
}

/**
 * A route of tenant data, served in one tenant transaction: authorise, then look whether the
 * records it names are this tenant's, then validate, then handle.
 */
export function tenantRoute<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Result extends z.ZodType,
>(definition: TenantRouteDefinition<Params, Query, Body, Result>): GuardedRoute {
  return {
    ...definition,
    serve: (call) =>
      inTenant(call.db, readTenantId(call.params['tenant']), async (tx) => {
        const { principal, header, readKey, clock } = call;
        const authority = await authorise(tx, principal, definition.capability);
        const sent = definition.method === 'get' ? {} : parseBody(call.body);
        await requireNamedRecords(tx, definition, call, sent);
        const params = readParams(definition.params, call.params);
        const query = readInput('query', definition.query, call.query);
        const body = readInput('body', definition.body, sent);
        return definition.handle({
          ...{ tx, readKey, clock, principal, authority },
          ...{ params, query, body, header },
        });
      }),
  };
}

async function requireNamedRecords(
  tx: TenantTx,
  route: RouteFacts & { recordsHeldByKeys?(body: unknown): readonly string[] },
  call: Call,
  body: unknown,
): Promise<void> {
  const inBody = findRecordIds(route.body, body);
  const held = inBody.length === 0 ? [] : (route.recordsHeldByKeys?.(body) ?? []);
  await requireRecords(tx, call.principal, [
    ...findRecordIds(route.params, call.params),
    ...findRecordIds(route.query, call.query),
    ...inBody.filter((record) => !held.includes(record.id)),
  ]);
}

/** No tenant has it: a malformed id takes the same way as one that does not exist. */
const NO_TENANT = tenantIdSchema.parse('00000000-0000-0000-0000-000000000000');

function readTenantId(text: string | undefined): TenantId {
  const parsed = tenantIdSchema.safeParse(text?.toLowerCase());
  return parsed.success ? parsed.data : NO_TENANT;
}

/** All parts of an address name a record, so a bad one is answered like a foreign record. */
function readParams<Params extends z.ZodObject>(
  schema: Params,
  params: Readonly<Record<string, string>>,
): z.output<Params> {
  const { tenant: _, ...named } = params;
  const parsed = schema.safeParse(named);
  if (!parsed.success) throw new AppError('forbidden');
  return parsed.data;
}
