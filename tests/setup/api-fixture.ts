import type { Hono } from 'hono';
import pg from 'pg';
import type { z } from 'zod';
import { addMember } from '../../src/access/members.ts';
import { hashPassword } from '../../src/access/password.ts';
import { startSession } from '../../src/access/sessions.ts';
import { createToken } from '../../src/access/tokens.ts';
import { addUser } from '../../src/access/users.ts';
import { problemSchema } from '../../src/api/problem.ts';
import { SYSTEM_ACTOR } from '../../src/audit/record-audit.ts';
import { Db } from '../../src/db/db.ts';
import { withOwner } from '../../src/db/owner-client.ts';
import { asStranger } from '../../src/db/person-tx.ts';
import { inTenant } from '../../src/db/tenant-tx.ts';
import { createHttpApp } from '../../src/http/create-http-app.ts';
import { SESSION_COOKIE } from '../../src/http/session-cookie.ts';
import { allCapabilities, type Capability, ROLES } from '../../src/kernel/capabilities.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { DAY } from '../../src/kernel/durations.ts';
import { newId, type TenantId, tenantIdSchema, type UserId } from '../../src/kernel/ids.ts';
import { Secret } from '../../src/kernel/secret.ts';
import type { RunType } from '../../src/runs/run-type.ts';
import { RunTypes } from '../../src/runs/run-types.ts';
import { makeTenantKey } from '../../src/tenants/tenant-key.ts';
import { testRunTypes } from './test-run-types.ts';
import { createTestDatabase, type TestDatabase } from './test-server.ts';

/** Everyone who may turn up at a tenant's door. */
export const CALLERS = ['none', ...ROLES, 'admin', 'unauthenticated'] as const;
export type Caller = (typeof CALLERS)[number];

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** The body as JSON. */
  json(): unknown;
  as<S extends z.ZodType>(schema: S): z.output<S>;
  /** The code of a problem. */
  readonly code: string;
}

interface Request {
  readonly body?: unknown;
  /** In the place of a body: as it is, said to be JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Somebody with a token, with the session of a browser, or with neither. */
export class ApiClient {
  readonly #app: Hono;
  readonly #token: Secret<string> | undefined;
  readonly #session: Secret<string> | undefined;
  readonly userId: UserId | undefined;

  constructor(
    app: Hono,
    token: Secret<string> | undefined,
    userId: UserId | undefined,
    session?: Secret<string>,
  ) {
    this.#app = app;
    this.#token = token;
    this.userId = userId;
    this.#session = session;
  }

  /** The same person in a browser, who signed in a moment ago. */
  async inBrowser(db: Db): Promise<ApiClient> {
    const { userId } = this;
    if (userId === undefined) return this;
    const place = { browser: 'A browser', network: '192.0.2.1' };
    const secret = await asStranger(db, (tx) => startSession(tx, userId, place));
    return new ApiClient(this.#app, undefined, userId, secret);
  }

  /** The header that tells who calls. */
  authorization(): Record<string, string> {
    if (this.#token !== undefined) return { authorization: `Bearer ${this.#token.reveal()}` };
    if (this.#session === undefined) return {};
    const cookie = `${SESSION_COOKIE}=${this.#session.reveal()}`;
    return { cookie, 'sec-fetch-site': 'same-origin' };
  }

  get(path: string): Promise<ApiAnswer> {
    return this.send('GET', path);
  }

  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ApiAnswer> {
    return this.send('POST', path, { body, headers });
  }

  async send(method: string, path: string, request: Request = {}): Promise<ApiAnswer> {
    const { body, text = body === undefined ? undefined : JSON.stringify(body) } = request;
    const response = await this.#app.request(path, {
      method,
      headers: {
        ...this.authorization(),
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(text === undefined ? {} : { body: text }),
    });
    return readAnswer(response);
  }
}

export async function readAnswer(response: Response): Promise<ApiAnswer> {
  const text = await response.text();
  const json = (): unknown => JSON.parse(text);
  return {
    status: response.status,
    text,
    headers: response.headers,
    json,
    as: (schema) => schema.parse(json()),
    get code() {
      return problemSchema.parse(json()).code;
    },
  };
}

/** A tenant, and everyone who may ask for it. */
export interface ApiTenant {
  readonly id: TenantId;
  readonly path: string;
  as(caller: Caller): ApiClient;
  /** A further member with a token of its own. */
  hasMember(role: (typeof ROLES)[number], token?: TokenChoice): Promise<ApiClient>;
}

interface TokenChoice {
  readonly scopes?: readonly Capability[];
  readonly tenantIds?: readonly TenantId[] | null;
  readonly expiresAt?: Date;
}

export interface ApiWorld {
  readonly database: TestDatabase;
  readonly db: Db;
  readonly app: Hono;
  readonly acme: ApiTenant;
  readonly globex: ApiTenant;
  /** What the server logged as failed. */
  readonly logged: unknown[];
  /** As the owner of the schema, for set-up. */
  asOwner<T>(work: (client: pg.Client) => Promise<T>): Promise<T>;
  /** As the administrator of the database, past every wall. */
  asAdmin(statement: string, values?: unknown[]): Promise<pg.QueryResult>;
  close(): Promise<void>;
}

/** A database, two tenants with somebody of each role in them, and the API. */
export async function setupApi(types: readonly RunType[] = testRunTypes): Promise<ApiWorld> {
  const database = await createTestDatabase();
  const db = new Db(database.loginUrl, { connectionsMax: 10, onError: () => {} });
  const logged: unknown[] = [];
  const note = (message: string, fields?: object) => logged.push({ message, ...fields });
  const app = createHttpApp({
    db,
    runTypes: new RunTypes(types),
    log: { debug: () => {}, info: () => {}, warn: note, error: note },
    clock: systemClock,
    readKey: async () => KEY,
  });
  const world = { database, db, app };
  const admin = new pg.Client({ connectionString: database.adminUrl.reveal() });
  await admin.connect();
  return {
    ...world,
    acme: await addApiTenant(world, 'Acme'),
    globex: await addApiTenant(world, 'Globex'),
    logged,
    asOwner: (work) => withOwner(database.ownerUrl, work),
    asAdmin: (statement, values = []) => admin.query(statement, values),
    async close() {
      await admin.end();
      await db.close();
      await database.drop();
    },
  };
}

const KEY = new Secret(Buffer.alloc(32, 7));

type Parts = Pick<ApiWorld, 'database' | 'db' | 'app'>;

async function addApiTenant(world: Parts, name: string): Promise<ApiTenant> {
  const id = newId(tenantIdSchema);
  await inTenant(world.db, id, async (tx) => {
    await tx.db.insertInto('tenants').values({ id, name }).execute();
    await makeTenantKey(tx, KEY);
  });
  const clients = new Map<Caller, ApiClient>();
  for (const caller of CALLERS) {
    const role = ROLES.find((candidate) => candidate === caller);
    const client =
      caller === 'unauthenticated'
        ? new ApiClient(world.app, undefined, undefined)
        : await addPerson(world, `${caller} of ${name}`, caller === 'admin');
    clients.set(caller, client);
    if (role !== undefined) await join(world, id, client, role);
  }
  return {
    id,
    path: `/api/tenants/${id}`,
    as(caller) {
      const client = clients.get(caller);
      if (client === undefined) throw new Error(`nobody is ${caller}`);
      return client;
    },
    async hasMember(role, token = {}) {
      const client = await addPerson(world, `${role} ${crypto.randomUUID()}`, false, token);
      await join(world, id, client, role);
      return client;
    },
  };
}

/** Everybody's, hashed once: it takes a while on purpose. */
export const PASSWORD = 'a password of many words';
const PASSWORD_HASH = hashPassword(PASSWORD);

async function addPerson(
  world: Parts,
  name: string,
  isAdmin: boolean,
  token: TokenChoice = {},
): Promise<ApiClient> {
  return withOwner(world.database.ownerUrl, async (owner) => {
    const userId = await addUser(owner, { name, isAdmin });
    const { salt, hash } = await PASSWORD_HASH;
    await owner.query('select set_password($1, $2, $3, null)', [userId, salt, hash]);
    const { text } = await createToken(owner, {
      userId,
      name: 'test',
      scopes: token.scopes ?? allCapabilities(),
      tenantIds: token.tenantIds ?? null,
      expiresAt: token.expiresAt ?? new Date(Date.now() + DAY),
    });
    return new ApiClient(world.app, text, userId);
  });
}

async function join(
  world: Parts,
  tenantId: TenantId,
  client: ApiClient,
  role: (typeof ROLES)[number],
): Promise<void> {
  const { userId } = client;
  if (userId === undefined) throw new Error('a stranger cannot join');
  await inTenant(world.db, tenantId, (tx) => addMember(tx, SYSTEM_ACTOR, { userId, role }));
}
