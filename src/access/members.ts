import { type Actor, recordAudit } from '../audit/record-audit.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { Role } from '../kernel/capabilities.ts';
import { AppError } from '../kernel/errors.ts';
import type { UserId } from '../kernel/ids.ts';

export interface Member {
  readonly userId: UserId;
  readonly role: Role;
}

/** @throws AppError member.exists */
export async function addMember(tx: TenantTx, actor: Actor, member: Member): Promise<void> {
  const added = await tx.db
    .insertInto('memberships')
    .values({ tenant_id: tx.tenantId, user_id: member.userId, role: member.role })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'user_id']).doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows === 0n) throw new AppError('member.exists');
  await recordAudit(tx, actor, {
    action: 'member.added',
    subject: { kind: 'user', id: member.userId },
    details: { role: member.role },
  });
}

/** @throws AppError member.unknown; member.last_owner when nobody would own the tenant any more */
export async function changeMember(tx: TenantTx, actor: Actor, member: Member): Promise<void> {
  const before = await lockMember(tx, member.userId, member.role);
  await tx.db
    .updateTable('memberships')
    .set({ role: member.role })
    .where('tenant_id', '=', tx.tenantId)
    .where('user_id', '=', member.userId)
    .execute();
  await recordAudit(tx, actor, {
    action: 'member.changed',
    subject: { kind: 'user', id: member.userId },
    details: { from: before, to: member.role },
  });
}

/** @throws AppError member.unknown; member.last_owner when nobody would own the tenant any more */
export async function removeMember(tx: TenantTx, actor: Actor, userId: UserId): Promise<void> {
  const before = await lockMember(tx, userId, null);
  await tx.db
    .deleteFrom('memberships')
    .where('tenant_id', '=', tx.tenantId)
    .where('user_id', '=', userId)
    .execute();
  await recordAudit(tx, actor, {
    action: 'member.removed',
    subject: { kind: 'user', id: userId },
    details: { role: before },
  });
}

/**
 * Locks the tenant's owners and the member, in one order, so that two owners who leave at once
 * cannot both see the other one stay.
 */
async function lockMember(tx: TenantTx, userId: UserId, roleAfter: Role | null): Promise<Role> {
  const locked = await tx.db
    .selectFrom('memberships')
    .select(['user_id', 'role'])
    .where('tenant_id', '=', tx.tenantId)
    .where((where) => where.or([where('role', '=', 'owner'), where('user_id', '=', userId)]))
    .orderBy('user_id')
    .forUpdate()
    .execute();
  const member = locked.find((row) => row.user_id === userId);
  if (member === undefined) throw new AppError('member.unknown');
  const others = locked.filter((row) => row.role === 'owner' && row.user_id !== userId);
  if (member.role === 'owner' && roleAfter !== 'owner' && others.length === 0) {
    throw new AppError('member.last_owner');
  }
  return member.role;
}

export interface MemberInfo {
  readonly id: UserId;
  readonly name: string;
  readonly role: Role;
  readonly created_at: Date;
}

/** More members of one tenant are not listed. */
const LISTED_MAX = 1_000;

/** The members of the tenant, by name. */
export function listMembers(tx: TenantTx): Promise<readonly MemberInfo[]> {
  return tx.db
    .selectFrom('memberships as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select(['u.id', 'u.name', 'm.role', 'm.created_at'])
    .where('m.tenant_id', '=', tx.tenantId)
    .orderBy('u.name')
    .orderBy('u.id')
    .limit(LISTED_MAX)
    .execute();
}
