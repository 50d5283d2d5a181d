import { sql } from 'kysely';
import { z } from 'zod';
import type { Principal } from '../access/principal.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import {
  canonicalText,
  type JsonObject,
  type JsonValue,
  sha256Hex,
} from '../kernel/canonical-json.ts';
import { AppError } from '../kernel/errors.ts';
import { invalidRequest } from './read-input.ts';

const HEADER = 'Idempotency-Key';
const keySchema = z.string().regex(/^[\x21-\x7e]{1,200}$/, 'Must be 1 to 200 visible characters');

/** The header, for the document. */
export const idempotencyHeaders = z.object({ [HEADER]: keySchema.optional() });

/** A request that may be repeated under its key: by whom, what, and with which body. */
export interface KeyedRequest {
  readonly principal: Principal;
  readonly route: string;
  readonly key: string;
  readonly bodyHash: Buffer;
}

export interface KeptAnswer {
  readonly status: number;
  readonly response: JsonObject;
}

/** Another request with the same key committed first: undo this one, and give that one's answer. */
export class KeyRace extends Error {
  override readonly name = 'KeyRace';
}

/** The request as keyed, or undefined when the caller sent no key. */
export function readKey(
  principal: Principal,
  route: string,
  header: string | undefined,
  body: JsonValue,
): KeyedRequest | undefined {
  if (header === undefined) return undefined;
  const key = keySchema.safeParse(header);
  if (!key.success) {
    const issues = key.error.issues.map(({ message }) => ({ path: [HEADER], message }));
    throw invalidRequest('header', issues);
  }
  const bodyHash = Buffer.from(sha256Hex(canonicalText(body)), 'hex');
  return { principal, route, key: key.data, bodyHash };
}

/**
 * The answer that this key got in the last 24 hours, if any.
 * @throws AppError idempotency.key_reused when it was given for another body
 */
export async function findKeptAnswer(
  tx: TenantTx,
  request: KeyedRequest,
): Promise<KeptAnswer | undefined> {
  const kept = await tx.db
    .selectFrom('idempotency_keys')
    .select(['status', 'response', 'body_hash'])
    .where('tenant_id', '=', tx.tenantId)
    .where('principal_id', '=', request.principal.via.id)
    .where('route', '=', request.route)
    .where('key', '=', request.key)
    .where('created_at', '>', sql<Date>`now() - interval '24 hours'`)
    .executeTakeFirst();
  if (kept === undefined) return undefined;
  if (!kept.body_hash.equals(request.bodyHash)) throw new AppError('idempotency.key_reused');
  return kept;
}

/**
 * Keeps an answer in the transaction that did the deed, so that there is never one without the
 * other. A racing request with the same key waits here until this one has committed.
 * @throws KeyRace when the other one did
 */
export async function keepAnswer(
  tx: TenantTx,
  request: KeyedRequest,
  answer: KeptAnswer,
): Promise<void> {
  const kept = await sql`
    insert into idempotency_keys as k
      (tenant_id, principal_id, route, key, body_hash, status, response)
    values (${tx.tenantId}, ${request.principal.via.id}, ${request.route}, ${request.key},
      ${request.bodyHash}, ${answer.status}, ${JSON.stringify(answer.response)}::jsonb)
    on conflict (tenant_id, principal_id, route, key) do update
      set body_hash = excluded.body_hash, status = excluded.status, response = excluded.response,
        created_at = now()
      where k.created_at <= now() - interval '24 hours'`.execute(tx.db);
  if (kept.numAffectedRows === 0n) throw new KeyRace();
}
