import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type pg from 'pg';
import { uuidv7 } from 'uuidv7';
import type { Db } from '../db/db.ts';
import { asStranger, type StrangerTx } from '../db/person-tx.ts';
import { AppError } from '../kernel/errors.ts';
import { type UserId, userIdSchema } from '../kernel/ids.ts';
import { Secret } from '../kernel/secret.ts';
import { hashPassword, requireGoodPassword } from './password.ts';
import { type SignInPlace, startSession } from './sessions.ts';

/** What a link lets do: become the first admin, choose a password, or look at the demo. */
export type LinkPurpose = 'set_up' | 'password' | 'demo';

const RANDOM_BYTES = 32;

export interface NewLink {
  readonly purpose: LinkPurpose;
  /** Whose; null for the first admin, who is nobody yet. */
  readonly userId: UserId | null;
  readonly lifeSeconds: number;
}

/** Makes a link that works once. Its token is given here; the database holds only its SHA-256. */
export async function makeLink(owner: pg.Client, link: NewLink): Promise<Secret<string>> {
  const token = randomBytes(RANDOM_BYTES).toString('base64url');
  await owner.query(
    `insert into one_time_links (token_hash, purpose, user_id, expires_at)
     values ($1, $2, $3, now() + make_interval(secs => $4))`,
    [hashToken(token), link.purpose, link.userId, link.lifeSeconds],
  );
  return new Secret(token);
}

/** Whether somebody can sign in who may administer the installation. */
export async function hasAdmin(owner: pg.Client): Promise<boolean> {
  const { rows } = await owner.query<{ found: boolean }>(
    `select exists (select 1 from users u join passwords p on p.user_id = u.id
       where u.is_admin and u.disabled_at is null) as found`,
  );
  return rows[0]?.found === true;
}

export interface KnownLink {
  readonly purpose: LinkPurpose;
  readonly userName: string | null;
}

/** What a link is for, without using it. @throws AppError link.unknown: used, expired, or none */
export async function lookAtLink(db: Db, token: string): Promise<KnownLink> {
  const { rows } = await asStranger(db, (tx) =>
    sql<{ purpose: LinkPurpose; user_name: string | null }>`
      select * from look_at_link(${hashToken(token)})`.execute(tx.db),
  );
  const [row] = rows;
  if (row === undefined) throw new AppError('link.unknown');
  return { purpose: row.purpose, userName: row.user_name };
}

export interface LinkAnswer {
  readonly token: string;
  /** The first admin's. */
  readonly name: string | undefined;
  /** Nobody chooses one for the demo. */
  readonly password: string | undefined;
}

/**
 * Does what the link is for, and signs its user in.
 * @throws AppError link.unknown; password.missing, password.too_common, user.name_missing;
 *   user.name_taken, whereupon the link stays good
 */
export async function redeemLink(
  db: Db,
  answer: LinkAnswer,
  place: SignInPlace,
): Promise<Secret<string>> {
  const { purpose } = await lookAtLink(db, answer.token);
  const password = purpose === 'demo' ? undefined : await readPassword(answer.password);
  return asStranger(db, async (tx) => {
    const { rows } = await sql<{ purpose: LinkPurpose; user_id: UserId | null }>`
      select * from use_link(${hashToken(answer.token)})`.execute(tx.db);
    const [used] = rows;
    if (used === undefined) throw new AppError('link.unknown');
    const userId = used.user_id ?? (await addFirstAdmin(tx, answer.name));
    if (password !== undefined) {
      await sql`select set_password(${userId}, ${password.salt}, ${password.hash}, null)`.execute(
        tx.db,
      );
    }
    return startSession(tx, userId, place);
  });
}

async function readPassword(password: string | undefined) {
  if (password === undefined) throw new AppError('password.missing');
  requireGoodPassword(password);
  return hashPassword(password);
}

async function addFirstAdmin(tx: StrangerTx, name: string | undefined): Promise<UserId> {
  if (name === undefined) throw new AppError('user.name_missing');
  const id = userIdSchema.parse(uuidv7());
  const { rows } = await sql<{ ending: 'added' | 'name_taken' | 'too_late' }>`
    select add_first_admin(${id}, ${name}) as ending`.execute(tx.db);
  const ending = rows[0]?.ending;
  if (ending === 'name_taken') throw new AppError('user.name_taken');
  if (ending !== 'added') throw new AppError('link.unknown');
  return id;
}

function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
