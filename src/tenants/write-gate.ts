import { sql } from 'kysely';
import type { TenantTx } from '../db/tenant-tx.ts';
import { AppError, type ErrorCode } from '../kernel/errors.ts';

/**
 * What must hold before anything is written to the tenant, now: both applications signed in within
 * 24 hours, and writing is armed. Everything is held against the database's clock, which wrote the
 * moments; Graph is not asked.
 * @throws AppError connection.missing, connection.not_verified,
 *   connection.write_registration_missing, connection.write_not_verified, connection.not_armed
 */
export async function requireWriteGate(tx: TenantTx): Promise<void> {
  const missing = await findClosedGate(tx);
  if (missing !== undefined) throw new AppError(missing);
}

/** The same as an answer, for a page: the first thing that is missing; none when all holds. */
export async function findClosedGate(tx: TenantTx): Promise<ErrorCode | undefined> {
  const { rows } = await sql<Gate>`
    select c.verified_at > clock_timestamp() - interval '24 hours' as "isVerified",
      w.id is not null as "hasRegistration",
      w.verified_at > clock_timestamp() - interval '24 hours' as "isWriteVerified",
      w.armed_until > clock_timestamp() as "isArmed"
    from connections c left join write_registrations w
      on w.tenant_id = c.tenant_id and w.connection_id = c.id
    where c.tenant_id = ${tx.tenantId}`.execute(tx.db);
  return findMissing(rows[0]);
}

/** Null: the moment is not known, so it does not hold. */
interface Gate {
  readonly isVerified: boolean | null;
  readonly hasRegistration: boolean;
  readonly isWriteVerified: boolean | null;
  readonly isArmed: boolean | null;
}

function findMissing(gate: Gate | undefined): ErrorCode | undefined {
  if (gate === undefined) return 'connection.missing';
  if (gate.isVerified !== true) return 'connection.not_verified';
  if (!gate.hasRegistration) return 'connection.write_registration_missing';
  if (gate.isWriteVerified !== true) return 'connection.write_not_verified';
  if (gate.isArmed !== true) return 'connection.not_armed';
  return undefined;
}
