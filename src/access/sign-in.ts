import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../db/db.ts';
import { asPerson, asStranger, type StrangerTx } from '../db/person-tx.ts';
import { AppError } from '../kernel/errors.ts';
import type { UserId } from '../kernel/ids.ts';
import type { Secret } from '../kernel/secret.ts';
import { isPassword, type PasswordHash } from './password.ts';
import type { Principal } from './principal.ts';
import { renewSession, type SignInPlace, startSession } from './sessions.ts';

/** Ten wrong guesses in a quarter of an hour, for an account and for a network. */
const FAILURES_MAX = 10;
const WINDOW_SECONDS = 15 * 60;

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

/**
 * Signs somebody in. Who is unknown, disabled or has no password is answered as a wrong password
 * is, and takes as long.
 * @throws AppError sign_in.refused; sign_in.too_many after ten failures in fifteen minutes
 */
export async function signIn(
  db: Db,
  { name, password }: Credentials,
  place: SignInPlace,
): Promise<Secret<string>> {
  const keys = { account: hashKey(`account ${name.toLowerCase()}`), network: networkKey(place) };
  const known = await asStranger(db, async (tx) => {
    await requireFewFailures(tx, keys);
    return findPassword(tx, name);
  });
  // no transaction is open while the hash is made
  const isRight = await isPassword(password, known);
  const secret = await asStranger(db, async (tx) => {
    if (!isRight || known === undefined) {
      await sql`select add_sign_in_failure(${keys.account}, ${keys.network})`.execute(tx.db);
      return undefined;
    }
    await sql`select forgive_sign_in_failures(${keys.account})`.execute(tx.db);
    return startSession(tx, known.userId, place);
  });
  if (secret === undefined) throw new AppError('sign_in.refused');
  return secret;
}

/**
 * The password once more, before what could do harm.
 * @throws AppError sign_in.refused, sign_in.too_many
 */
export async function confirmIdentity(
  db: Db,
  principal: Principal,
  input: { readonly password: string; readonly secret: string; readonly place: SignInPlace },
): Promise<Secret<string>> {
  await requirePassword(db, principal, input.password, input.place);
  return asPerson(db, principal.userId, (tx) => renewSession(tx, input.secret));
}

/** @throws AppError sign_in.refused, sign_in.too_many */
export async function requirePassword(
  db: Db,
  principal: Principal,
  password: string,
  place: SignInPlace,
): Promise<void> {
  const name = principal.userName;
  const keys = { account: hashKey(`account ${name.toLowerCase()}`), network: networkKey(place) };
  const known = await asStranger(db, async (tx) => {
    await requireFewFailures(tx, keys);
    return findPassword(tx, name);
  });
  if (await isPassword(password, known)) return;
  await asStranger(db, (tx) =>
    sql`select add_sign_in_failure(${keys.account}, ${keys.network})`.execute(tx.db),
  );
  throw new AppError('sign_in.refused');
}

interface FailureKeys {
  readonly account: Buffer;
  readonly network: Buffer;
}

async function requireFewFailures(tx: StrangerTx, keys: FailureKeys): Promise<void> {
  const { rows } = await sql<{ of_account: number; of_network: number }>`
    select * from count_sign_in_failures(${keys.account}, ${keys.network},
      make_interval(secs => ${WINDOW_SECONDS}))`.execute(tx.db);
  const most = Math.max(rows[0]?.of_account ?? 0, rows[0]?.of_network ?? 0);
  if (most >= FAILURES_MAX) {
    throw new AppError('sign_in.too_many', { retryAfterSeconds: WINDOW_SECONDS });
  }
}

async function findPassword(
  tx: StrangerTx,
  name: string,
): Promise<(PasswordHash & { userId: UserId }) | undefined> {
  const { rows } = await sql<{ user_id: UserId; salt: Buffer; hash: Buffer }>`
    select * from find_password(${name})`.execute(tx.db);
  const [row] = rows;
  return row && { userId: row.user_id, salt: row.salt, hash: row.hash };
}

/** Of an address its network: whoever holds one address of it mostly holds them all. */
function networkKey({ network }: SignInPlace): Buffer {
  const parts = network.includes(':') ? network.split(':').slice(0, 4) : network.split('.', 3);
  return hashKey(`network ${parts.join('.')}`);
}

function hashKey(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
