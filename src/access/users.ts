import type pg from 'pg';
import { AppError } from '../kernel/errors.ts';
import { newId, type UserId, userIdSchema } from '../kernel/ids.ts';

/** A person, without any right in any tenant until made a member there. */
export interface User {
  readonly id: UserId;
  readonly name: string;
  readonly isAdmin: boolean;
  readonly isDisabled: boolean;
}

/**
 * Adds a person. Users belong to the installation, so this is done as its owner, by the set-up
 * commands only.
 * @throws AppError user.name_taken
 */
export async function addUser(
  owner: pg.Client,
  user: { readonly name: string; readonly isAdmin: boolean },
): Promise<UserId> {
  const id = newId(userIdSchema);
  const added = await owner.query(
    'insert into users (id, name, is_admin) values ($1, $2, $3) on conflict (name) do nothing',
    [id, user.name, user.isAdmin],
  );
  if (added.rowCount === 0) throw new AppError('user.name_taken');
  return id;
}

/** @throws AppError user.unknown */
export async function findUserByName(owner: pg.Client, name: string): Promise<User> {
  const { rows } = await owner.query<{
    id: UserId;
    name: string;
    is_admin: boolean;
    disabled_at: Date | null;
  }>('select id, name, is_admin, disabled_at from users where name = $1', [name]);
  const row = rows[0];
  if (row === undefined) throw new AppError('user.unknown');
  return {
    id: row.id,
    name: row.name,
    isAdmin: row.is_admin,
    isDisabled: row.disabled_at !== null,
  };
}

/** Shuts a person out: tokens open nothing any more, runs go on without this person's rights. */
export async function disableUser(owner: pg.Client, id: UserId): Promise<void> {
  await owner.query('update users set disabled_at = coalesce(disabled_at, now()) where id = $1', [
    id,
  ]);
}
