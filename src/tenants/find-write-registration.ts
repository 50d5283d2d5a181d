import { sql } from 'kysely';
import type { TenantTx } from '../db/tenant-tx.ts';
import { AppError } from '../kernel/errors.ts';
import type { WriteRegistrationId } from '../kernel/ids.ts';

/** The application that may write in the tenant, without its credential. */
export interface WriteRegistration {
  /** New with each credential. */
  readonly id: WriteRegistrationId;
  readonly clientId: string;
  /** Grows with each change of application or credential. */
  readonly version: number;
  /** Application roles seen in its token, a hint; null: nobody has looked. */
  readonly granted: readonly string[] | null;
  readonly armedUntil: Date | null;
  /** By the database's clock, which wrote the end. */
  readonly isArmed: boolean;
}

/** The tenant's write registration; it has one at most. */
export async function findWriteRegistration(tx: TenantTx): Promise<WriteRegistration | undefined> {
  const row = await tx.db
    .selectFrom('write_registrations')
    .select(['id', 'client_id', 'version', 'granted', 'armed_until'])
    .select(sql<boolean>`coalesce(armed_until > clock_timestamp(), false)`.as('is_armed'))
    .where('tenant_id', '=', tx.tenantId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id: row.id,
    clientId: row.client_id,
    version: row.version,
    granted: row.granted,
    armedUntil: row.armed_until,
    isArmed: row.is_armed,
  };
}

/** @throws AppError connection.write_registration_missing, connection.not_armed */
export async function requireArmedRegistration(tx: TenantTx): Promise<WriteRegistration> {
  const registration = await findWriteRegistration(tx);
  if (registration === undefined) throw new AppError('connection.write_registration_missing');
  if (!registration.isArmed) throw new AppError('connection.not_armed');
  return registration;
}
