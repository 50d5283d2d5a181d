import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../db/db.ts';
import { LAST, PREPARED } from '../db/eager-pool.ts';
import { asStranger, type PersonTx, type StrangerTx } from '../db/person-tx.ts';
import { allCapabilities } from '../kernel/capabilities.ts';
import { AppError } from '../kernel/errors.ts';
import { newId, type SessionId, sessionIdSchema, type UserId } from '../kernel/ids.ts';
import { Secret } from '../kernel/secret.ts';
import type { Principal } from './principal.ts';

/** A working day, and then some; afterwards one signs in again, whatever one did. */
export const SESSION_LIFE_SECONDS = 14 * 60 * 60;
/** Unused for this long, it has ended. */
const IDLE_SECONDS = 2 * 60 * 60;
const RANDOM_BYTES = 32;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** Where somebody signs in from, as shown to them later. */
export interface SignInPlace {
  readonly browser: string;
  readonly network: string;
}

/** Begins a session. Its secret is given here once; the database holds only its SHA-256. */
export async function startSession(
  tx: StrangerTx,
  userId: UserId,
  place: SignInPlace,
): Promise<Secret<string>> {
  const secret = newSecret();
  const id = newId(sessionIdSchema);
  await sql`select start_session(${id}, ${hashSecret(secret)}, ${userId},
    make_interval(secs => ${SESSION_LIFE_SECONDS}), make_interval(secs => ${IDLE_SECONDS}),
    ${place.browser}, ${place.network})`.execute(tx.db);
  return new Secret(secret);
}

interface SessionRow {
  session_id: SessionId;
  user_id: UserId;
  user_name: string;
  is_admin: boolean;
  created_at: Date;
  authenticated_at: Date;
  ends_at: Date;
}

/**
 * Recognises the caller by the session's secret.
 * @throws AppError unauthorized: malformed, unknown, ended, or its user disabled
 */
export async function recogniseSession(db: Db, secret: string): Promise<Principal> {
  if (!SECRET.test(secret)) throw new AppError('unauthorized');
  const { rows } = await asStranger(db, (tx) =>
    sql<SessionRow>`${LAST} ${PREPARED} select * from find_session(${hashSecret(secret)})`.execute(
      tx.db,
    ),
  );
  const [row] = rows;
  if (row === undefined) throw new AppError('unauthorized');
  return {
    userId: row.user_id,
    userName: row.user_name,
    isAdmin: row.is_admin,
    scopes: allCapabilities(),
    tenantIds: null,
    via: {
      kind: 'session',
      id: row.session_id,
      createdAt: row.created_at,
      authenticatedAt: row.authenticated_at,
      endsAt: row.ends_at,
    },
  };
}

/**
 * Whether the secret still opens a session; looking does not keep it from ending unused.
 * @throws AppError unauthorized
 */
export async function requireOpenSession(db: Db, secret: string): Promise<void> {
  const { rows } = await asStranger(db, (tx) =>
    sql<{ open: boolean }>`${LAST} ${PREPARED} select is_session_open(${hashSecret(secret)})
      as open`.execute(tx.db),
  );
  if (rows[0]?.open !== true) throw new AppError('unauthorized');
}

/** The password was entered again: the old secret opens nothing any more. @returns the new one */
export async function renewSession(tx: PersonTx, secret: string): Promise<Secret<string>> {
  const renewed = newSecret();
  const { rows } = await sql<{ done: boolean }>`
    select renew_session(${hashSecret(secret)}, ${hashSecret(renewed)}) as done`.execute(tx.db);
  if (rows[0]?.done !== true) throw new AppError('unauthorized');
  return new Secret(renewed);
}

export interface SessionInfo {
  readonly id: SessionId;
  readonly created_at: Date;
  readonly seen_at: Date;
  readonly ends_at: Date;
  readonly browser: string;
  readonly network: string;
}

/** The person's own sessions that are open, the one used last first. */
export async function listSessions(tx: PersonTx): Promise<readonly SessionInfo[]> {
  const { rows } = await sql<SessionInfo>`select * from list_sessions()`.execute(tx.db);
  return rows;
}

/** From now on it opens nothing. @throws AppError forbidden when it is not the person's own */
export async function endSession(tx: PersonTx, id: SessionId): Promise<void> {
  const { rows } = await sql<{ done: boolean }>`select end_session(${id}) as done`.execute(tx.db);
  if (rows[0]?.done !== true) throw new AppError('forbidden');
}

function newSecret(): string {
  return randomBytes(RANDOM_BYTES).toString('base64url');
}

function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
