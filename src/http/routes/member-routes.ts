import { z } from 'zod';
import { findUser } from '../../access/manage-users.ts';
import { addMember, changeMember, listMembers, removeMember } from '../../access/members.ts';
import { addMemberSchema, changeMemberSchema, membersSchema } from '../../api/members.ts';
import { AppError } from '../../kernel/errors.ts';
import { userIdSchema } from '../../kernel/ids.ts';
import { actorOf } from '../actor-of.ts';
import { type GuardedRoute, NOTHING, type TenantRequest, tenantRoute } from '../route.ts';

const members = '/api/tenants/{tenant}/members';
const oneMember = z.object({ member: userIdSchema });

/** Who may see a tenant, and how much they may do there. */
export function memberRoutes(): GuardedRoute[] {
  return [list, add, change, remove];
}

const list = tenantRoute({
  method: 'get',
  path: members,
  summary: 'The members of the tenant with their roles',
  capability: 'tenant:read',
  params: NOTHING,
  query: NOTHING,
  body: NOTHING,
  answer: membersSchema,
  statuses: [200],
  handle: async ({ tx }) => ({ status: 200, body: await present(tx) }),
});

const add = tenantRoute({
  method: 'post',
  path: members,
  summary: 'Makes somebody that the installation knows a member',
  capability: 'members:manage',
  params: NOTHING,
  query: NOTHING,
  body: addMemberSchema,
  answer: membersSchema,
  statuses: [201],
  async handle({ tx, principal, body }) {
    const userId = await findUser(tx, body.name);
    await addMember(tx, actorOf(principal), { userId, role: body.role });
    return { status: 201, body: await present(tx) };
  },
});

const change = tenantRoute({
  method: 'post',
  path: `${members}/{member}/role`,
  summary: 'Gives a member another role',
  capability: 'members:manage',
  params: oneMember,
  query: NOTHING,
  body: changeMemberSchema,
  answer: membersSchema,
  statuses: [200],
  async handle({ tx, principal, params, body }) {
    const member = { userId: params.member, role: body.role };
    await changeMember(tx, actorOf(principal), member).catch(asForbidden);
    return { status: 200, body: await present(tx) };
  },
});

const remove = tenantRoute({
  method: 'post',
  path: `${members}/{member}/remove`,
  summary: 'Takes a member out; from the next request on the tenant does not exist for them',
  capability: 'members:manage',
  params: oneMember,
  query: NOTHING,
  body: NOTHING,
  answer: membersSchema,
  statuses: [200],
  async handle({ tx, principal, params }) {
    await removeMember(tx, actorOf(principal), params.member).catch(asForbidden);
    return { status: 200, body: await present(tx) };
  },
});

type Tx = TenantRequest<unknown, unknown, unknown>['tx'];

async function present(tx: Tx) {
  const rows = await listMembers(tx);
  return {
    items: rows.map(({ id, name, role, created_at: at }) => ({
      ...{ id, name, role },
      since: at.toISOString(),
    })),
  };
}

/** A member of another tenant is answered as nobody is. */
function asForbidden(error: unknown): never {
  if (error instanceof AppError && error.code === 'member.unknown') {
    throw new AppError('forbidden', {}, error);
  }
  throw error;
}
