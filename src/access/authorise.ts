import { sql } from 'kysely';
import { PREPARED } from '../db/eager-pool.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { Role } from '../kernel/capabilities.ts';
import { type Capability, capabilitiesOf } from '../kernel/capabilities.ts';
import { AppError } from '../kernel/errors.ts';
import type { TenantId } from '../kernel/ids.ts';
import type { Principal } from './principal.ts';

/** What a caller is and may do in the tenant of this transaction. */
export interface Authority {
  readonly role: Role;
  readonly capabilities: readonly Capability[];
}

/**
 * Whether the caller may do this here, asked of the database at each request. One statement, the
 * same for a foreign tenant and for one that does not exist, so that nothing tells them apart.
 * @throws AppError forbidden where the caller is no member; capability.missing where the right is
 */
export async function authorise(
  tx: TenantTx,
  principal: Principal,
  capability: Capability,
): Promise<Authority> {
  const { rows } = await sql<{ role: Role }>`
    ${PREPARED} select role from memberships
    where tenant_id = ${tx.tenantId} and user_id = ${principal.userId}`.execute(tx.db);
  const [membership] = rows;
  if (membership === undefined || !isWithinToken(principal, tx.tenantId)) {
    throw new AppError('forbidden');
  }
  const capabilities = heldCapabilities(principal, membership.role);
  if (!capabilities.includes(capability)) throw new AppError('capability.missing', { capability });
  return { role: membership.role, capabilities };
}

/** The role's capabilities that the token's scopes let through. */
export function heldCapabilities(principal: Principal, role: Role): readonly Capability[] {
  return capabilitiesOf(role).filter((capability) => principal.scopes.includes(capability));
}

/** A token may be made for some tenants only; for it the others do not exist. */
export function isWithinToken(principal: Principal, tenantId: TenantId): boolean {
  return principal.tenantIds === null || principal.tenantIds.includes(tenantId);
}
