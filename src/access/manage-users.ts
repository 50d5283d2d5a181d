import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { PersonTx } from '../db/person-tx.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { DAY, SECOND } from '../kernel/durations.ts';
import { AppError } from '../kernel/errors.ts';
import { newId, type UserId, userIdSchema } from '../kernel/ids.ts';
import { Secret } from '../kernel/secret.ts';

const LINK_LIFE_SECONDS = (3 * DAY) / SECOND;
const RANDOM_BYTES = 32;

export interface UserInfo {
  readonly id: UserId;
  readonly name: string;
  readonly is_admin: boolean;
  readonly created_at: Date;
  readonly disabled_at: Date | null;
  /** Has a password. */
  readonly can_sign_in: boolean;
}

/** Everybody that the installation knows, for its admins. */
export async function listUsers(tx: PersonTx): Promise<readonly UserInfo[]> {
  const { rows } = await sql<UserInfo>`select * from list_users()`.execute(tx.db);
  return rows;
}

/** @throws AppError user.name_taken */
export async function makeUser(
  tx: PersonTx,
  user: { readonly name: string; readonly isAdmin: boolean },
): Promise<UserId> {
  const id = newId(userIdSchema);
  const { rows } = await sql<{ done: boolean }>`
    select add_user(${id}, ${user.name}, ${user.isAdmin}) as done`.execute(tx.db);
  if (rows[0]?.done !== true) throw new AppError('user.name_taken');
  return id;
}

/** A link that works once, for three days, to choose a password. @throws AppError forbidden */
export async function makePasswordLink(tx: PersonTx, userId: UserId): Promise<Secret<string>> {
  const token = randomBytes(RANDOM_BYTES).toString('base64url');
  const hash = createHash('sha256').update(token).digest();
  const { rows } = await sql<{ done: boolean }>`
    select add_password_link(${userId}, ${hash}, make_interval(secs => ${LINK_LIFE_SECONDS}))
      as done`.execute(tx.db);
  if (rows[0]?.done !== true) throw new AppError('forbidden');
  return new Secret(token);
}

/** Shuts somebody out of everything, or lets them in again. @throws AppError forbidden */
export async function setUserDisabled(
  tx: PersonTx,
  userId: UserId,
  isDisabled: boolean,
): Promise<void> {
  const { rows } = await sql<{ done: boolean }>`
    select set_user_disabled(${userId}, ${isDisabled}) as done`.execute(tx.db);
  if (rows[0]?.done !== true) throw new AppError('forbidden');
}

/** @throws AppError user.unknown */
export async function findUser(tx: TenantTx, name: string): Promise<UserId> {
  const { rows } = await sql<{ id: UserId | null }>`select find_user(${name}) as id`.execute(tx.db);
  const id = rows[0]?.id ?? null;
  if (id === null) throw new AppError('user.unknown');
  return id;
}
