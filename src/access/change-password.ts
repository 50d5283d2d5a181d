import { sql } from 'kysely';
import type { Db } from '../db/db.ts';
import { asStranger } from '../db/person-tx.ts';
import { hashPassword, requireGoodPassword } from './password.ts';
import type { Principal } from './principal.ts';
import type { SignInPlace } from './sessions.ts';
import { requirePassword } from './sign-in.ts';

/**
 * Whoever knows the old password chooses a new one; all sessions but this one end.
 * @throws AppError sign_in.refused, sign_in.too_many, password.too_common
 */
export async function changePassword(
  db: Db,
  principal: Principal,
  input: { readonly current: string; readonly password: string; readonly place: SignInPlace },
): Promise<void> {
  requireGoodPassword(input.password);
  await requirePassword(db, principal, input.current, input.place);
  const { salt, hash } = await hashPassword(input.password);
  await asStranger(db, (tx) =>
    sql`select set_password(${principal.userId}, ${salt}, ${hash}, ${principal.via.id})`.execute(
      tx.db,
    ),
  );
}
