import { z } from 'zod';
import {
  listUsers,
  makePasswordLink,
  makeUser,
  setUserDisabled,
} from '../../access/manage-users.ts';
import { addUserSchema, userLinkSchema, usersSchema } from '../../api/members.ts';
import { doneSchema } from '../../api/people.ts';
import { asPerson } from '../../db/person-tx.ts';
import { AppError } from '../../kernel/errors.ts';
import { type UserId, userIdSchema } from '../../kernel/ids.ts';
import type { Secret } from '../../kernel/secret.ts';
import { parseBody } from '../read-body.ts';
import { readInput } from '../read-input.ts';
import { type Call, type GuardedRoute, NOTHING } from '../route.ts';

/** Who may sign in: for admins of the installation. */
export function userRoutes(): GuardedRoute[] {
  return [list, add, link, disabling('disable', true), disabling('enable', false)];
}

const shared = { capability: 'admin', params: NOTHING, query: NOTHING, body: NOTHING } as const;
const oneUser = z.object({ user: userIdSchema });

const list: GuardedRoute = {
  ...shared,
  method: 'get',
  path: '/api/users',
  summary: 'Everybody that the installation knows',
  answer: usersSchema,
  statuses: [200],
  async serve({ db, principal }) {
    const rows = await asPerson(db, principal.userId, listUsers);
    const items = rows.map((row) => ({
      id: row.id,
      name: row.name,
      isAdmin: row.is_admin,
      createdAt: row.created_at.toISOString(),
      isDisabled: row.disabled_at !== null,
      canSignIn: row.can_sign_in,
    }));
    return { status: 200, body: { items } };
  },
};

const add: GuardedRoute = {
  ...shared,
  method: 'post',
  path: '/api/users',
  summary: 'Adds somebody; the answer holds a link to choose a password with',
  body: addUserSchema,
  answer: userLinkSchema,
  statuses: [201],
  async serve(call) {
    const user = readInput('body', addUserSchema, parseBody(call.body));
    const made = await asPerson(call.db, call.principal.userId, async (tx) => {
      const id = await makeUser(tx, user);
      return { id, token: await makePasswordLink(tx, id) };
    });
    return { status: 201, body: linkOf(call, made.id, made.token) };
  },
};

const link: GuardedRoute = {
  ...shared,
  method: 'post',
  path: '/api/users/{user}/link',
  summary: 'A link with which somebody chooses a new password',
  params: oneUser,
  answer: userLinkSchema,
  statuses: [200],
  async serve(call) {
    const id = userOf(call);
    const token = await asPerson(call.db, call.principal.userId, (tx) => makePasswordLink(tx, id));
    return { status: 200, body: linkOf(call, id, token) };
  },
};

function disabling(deed: 'disable' | 'enable', isDisabled: boolean): GuardedRoute {
  return {
    ...shared,
    method: 'post',
    path: `/api/users/{user}/${deed}`,
    summary: isDisabled ? 'Shuts somebody out of everything' : 'Lets somebody in again',
    params: oneUser,
    answer: doneSchema,
    statuses: [200],
    async serve(call) {
      const { db, principal } = call;
      const id = userOf(call);
      await asPerson(db, principal.userId, (tx) => setUserDisabled(tx, id, isDisabled));
      return { status: 200, body: { done: true } };
    },
  };
}

function userOf({ params }: Call): UserId {
  const id = userIdSchema.safeParse(params['user']);
  // a malformed id is answered as one that nobody has
  if (!id.success) throw new AppError('forbidden');
  return id.data;
}

function linkOf({ origin }: Call, id: UserId, token: Secret<string>) {
  return { id, link: `${origin}/set-up#${token.reveal()}` };
}
