import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type pg from 'pg';
import type { Db } from '../db/db.ts';
import { LAST, PREPARED } from '../db/eager-pool.ts';
import { asStranger } from '../db/person-tx.ts';
import type { Capability } from '../kernel/capabilities.ts';
import { AppError } from '../kernel/errors.ts';
import { newId, type TenantId, type TokenId, tokenIdSchema, type UserId } from '../kernel/ids.ts';
import { Secret } from '../kernel/secret.ts';
import type { Principal } from './principal.ts';

const PREFIX = 'ta_';
/** 256 bits: nothing to guess, so a plain fast hash is enough to store it by. */
const RANDOM_BYTES = 32;
const BEARER = /^Bearer (ta_[A-Za-z0-9_-]{43})$/i;

export interface NewToken {
  readonly userId: UserId;
  readonly name: string;
  /** What the token may do at most; the role of its user in a tenant cuts it down further. */
  readonly scopes: readonly Capability[];
  /** Where it works; null is every tenant of its user. */
  readonly tenantIds: readonly TenantId[] | null;
  readonly expiresAt: Date;
}

/** Makes a token. Its text is given here once; the database holds only its SHA-256. */
export async function createToken(
  owner: pg.Client,
  token: NewToken,
): Promise<{ id: TokenId; text: Secret<string> }> {
  const id = newId(tokenIdSchema);
  const text = PREFIX + randomBytes(RANDOM_BYTES).toString('base64url');
  await owner.query(
    `insert into api_tokens (id, user_id, name, token_hash, scopes, tenant_ids, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [id, token.userId, token.name, hashToken(text), token.scopes, token.tenantIds, token.expiresAt],
  );
  return { id, text: new Secret(text) };
}

/**
 * From now on the token opens nothing.
 * @throws AppError token.unknown
 */
export async function revokeToken(owner: pg.Client, id: TokenId): Promise<void> {
  const revoked = await owner.query(
    'update api_tokens set revoked_at = coalesce(revoked_at, now()) where id = $1',
    [id],
  );
  if (revoked.rowCount === 0) throw new AppError('token.unknown');
}

interface TokenRow {
  token_id: TokenId;
  user_id: UserId;
  user_name: string;
  is_admin: boolean;
  token_name: string;
  scopes: Capability[];
  tenant_ids: TenantId[] | null;
}

/**
 * Recognises a program by the `Authorization` header.
 * @throws AppError unauthorized: absent, malformed, unknown, expired, revoked, or its user disabled
 */
export async function recogniseToken(db: Db, header: string): Promise<Principal> {
  const text = BEARER.exec(header)?.[1];
  if (text === undefined) throw new AppError('unauthorized');
  const found = await asStranger(db, (tx) =>
    sql<TokenRow>`${LAST} ${PREPARED} select * from find_token(${hashToken(text)})`.execute(tx.db),
  );
  const row = found.rows[0];
  if (row === undefined) throw new AppError('unauthorized');
  return {
    userId: row.user_id,
    userName: row.user_name,
    isAdmin: row.is_admin,
    scopes: row.scopes,
    tenantIds: row.tenant_ids,
    via: { kind: 'token', id: row.token_id, name: row.token_name },
  };
}

function hashToken(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
