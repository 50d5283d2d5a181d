import { type Actor, recordAudit } from '../audit/record-audit.ts';
import type { Db } from '../db/db.ts';
import { inTenant } from '../db/tenant-tx.ts';
import { AppError } from '../kernel/errors.ts';
import { newId, type TenantId, tenantIdSchema, type UserId } from '../kernel/ids.ts';
import { plainText } from '../kernel/plain-text.ts';
import type { KeyEncryptionKey } from './key-file.ts';
import { makeTenantKey } from './tenant-key.ts';

export const tenantNameSchema = plainText(200);

export interface NewTenant {
  readonly name: string;
  /** Whoever adds a tenant becomes its owner. */
  readonly ownerId: UserId;
}

/**
 * Adds a customer's tenant with its data key and its owner, in one transaction: bound to an id
 * nobody has yet, it can see and take nothing else.
 * @throws AppError tenant.name_taken
 */
export function addTenant(
  db: Db,
  key: KeyEncryptionKey,
  tenant: NewTenant,
  actor: Actor,
): Promise<TenantId> {
  const id = newId(tenantIdSchema);
  return inTenant(db, id, async (tx) => {
    const added = await tx.db
      .insertInto('tenants')
      .values({ id, name: tenantNameSchema.parse(tenant.name) })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirst();
    if (added.numInsertedOrUpdatedRows === 0n) throw new AppError('tenant.name_taken');
    await makeTenantKey(tx, key);
    await tx.db
      .insertInto('memberships')
      .values({ tenant_id: id, user_id: tenant.ownerId, role: 'owner' })
      .execute();
    await recordAudit(tx, actor, {
      action: 'tenant.added',
      subject: { kind: 'tenant', id },
      details: { ownerId: tenant.ownerId },
    });
    return id;
  });
}
