import { z } from 'zod';
import { changePassword } from '../../access/change-password.ts';
import { lookAtLink, redeemLink } from '../../access/one-time-links.ts';
import { endSession, listSessions } from '../../access/sessions.ts';
import { confirmIdentity, signIn } from '../../access/sign-in.ts';
import {
  changePasswordSchema,
  confirmIdentitySchema,
  doneSchema,
  lookAtLinkSchema,
  oneTimeLinkSchema,
  openSessionsSchema,
  redeemLinkSchema,
  signInSchema,
} from '../../api/people.ts';
import { sessionSchema } from '../../api/session.ts';
import { asPerson } from '../../db/person-tx.ts';
import { AppError } from '../../kernel/errors.ts';
import { sessionIdSchema } from '../../kernel/ids.ts';
import { parseBody } from '../read-body.ts';
import { readInput } from '../read-input.ts';
import { type Call, type GuardedRoute, NOTHING, type PublicRoute } from '../route.ts';
import { noSessionCookie, sessionCookie } from '../session-cookie.ts';

/** Signing in and out, and what one's sessions are. */
export function sessionRoutes(): (PublicRoute | GuardedRoute)[] {
  return [
    ...[signInRoute, lookAtLinkRoute, redeemLinkRoute, readSession, signOut],
    ...[confirmRoute, listOwnSessions, revokeSession, changePasswordRoute],
  ];
}

const DONE = { done: true } as const;
const nothing = { params: NOTHING, query: NOTHING, statuses: [200] };

const signInRoute: PublicRoute = {
  ...nothing,
  method: 'post',
  path: '/api/session/sign-in',
  summary: 'Signs in with a password; the answer sets the cookie of a new session',
  capability: 'public',
  body: signInSchema,
  answer: doneSchema,
  async serve({ db, body, place }) {
    const sent = readInput('body', signInSchema, parseBody(body));
    const secret = await signIn(db, sent, place);
    return { status: 200, body: DONE, headers: sessionCookie(secret) };
  },
};

const lookAtLinkRoute: PublicRoute = {
  ...nothing,
  method: 'post',
  path: '/api/links/look',
  summary: 'What a one-time link is for; it stays good',
  capability: 'public',
  body: lookAtLinkSchema,
  answer: oneTimeLinkSchema,
  async serve({ db, body }) {
    const { token } = readInput('body', lookAtLinkSchema, parseBody(body));
    return { status: 200, body: await lookAtLink(db, token) };
  },
};

const redeemLinkRoute: PublicRoute = {
  ...nothing,
  method: 'post',
  path: '/api/links/redeem',
  summary: 'Uses a one-time link: chooses a password where it is for that, and signs in',
  capability: 'public',
  body: redeemLinkSchema,
  answer: doneSchema,
  async serve({ db, body, place }) {
    const { token, name, password } = readInput('body', redeemLinkSchema, parseBody(body));
    const secret = await redeemLink(db, { token, name, password }, place);
    return { status: 200, body: DONE, headers: sessionCookie(secret) };
  },
};

const readSession: GuardedRoute = {
  ...nothing,
  method: 'get',
  path: '/api/session',
  summary: 'Who is signed in',
  capability: 'signed-in',
  body: NOTHING,
  answer: sessionSchema,
  async serve({ principal }) {
    const { userId, userName, isAdmin } = principal;
    const via = requireSession(principal);
    const session = {
      id: via.id,
      createdAt: via.createdAt.toISOString(),
      authenticatedAt: via.authenticatedAt.toISOString(),
      expiresAt: via.endsAt.toISOString(),
    };
    return { status: 200, body: { user: { id: userId, name: userName, isAdmin }, session } };
  },
};

const signOut: GuardedRoute = {
  ...nothing,
  method: 'post',
  path: '/api/session/sign-out',
  summary: 'Ends this session',
  capability: 'signed-in',
  body: NOTHING,
  answer: doneSchema,
  async serve({ db, principal }) {
    const { id } = requireSession(principal);
    await asPerson(db, principal.userId, (tx) => endSession(tx, id));
    return { status: 200, body: DONE, headers: noSessionCookie() };
  },
};

const confirmRoute: GuardedRoute = {
  ...nothing,
  method: 'post',
  path: '/api/session/confirm',
  summary: 'The password once more, for what needs a recent sign-in; the cookie is a new one',
  capability: 'signed-in',
  body: confirmIdentitySchema,
  answer: doneSchema,
  async serve({ db, principal, body, place, sessionSecret }) {
    if (sessionSecret === undefined) throw new AppError('session.needed');
    const { password } = readInput('body', confirmIdentitySchema, parseBody(body));
    const input = { password, secret: sessionSecret, place };
    const secret = await confirmIdentity(db, principal, input);
    return { status: 200, body: DONE, headers: sessionCookie(secret) };
  },
};

const listOwnSessions: GuardedRoute = {
  ...nothing,
  method: 'get',
  path: '/api/sessions',
  summary: 'Your open sessions, the one used last first',
  capability: 'signed-in',
  body: NOTHING,
  answer: openSessionsSchema,
  async serve({ db, principal }) {
    const rows = await asPerson(db, principal.userId, listSessions);
    const items = rows.map((row) => ({
      id: row.id,
      isThis: row.id === principal.via.id,
      browser: row.browser,
      network: row.network,
      createdAt: row.created_at.toISOString(),
      seenAt: row.seen_at.toISOString(),
      endsAt: row.ends_at.toISOString(),
    }));
    return { status: 200, body: { items } };
  },
};

const revokeSession: GuardedRoute = {
  ...nothing,
  method: 'post',
  path: '/api/sessions/{session}/revoke',
  summary: 'Ends a session of yours',
  capability: 'signed-in',
  params: z.object({ session: sessionIdSchema }),
  body: NOTHING,
  answer: doneSchema,
  async serve({ db, principal, params }) {
    const session = sessionIdSchema.safeParse(params['session']);
    // a malformed id is answered as a foreign one is
    if (!session.success) throw new AppError('forbidden');
    await asPerson(db, principal.userId, (tx) => endSession(tx, session.data));
    return { status: 200, body: DONE };
  },
};

const changePasswordRoute: GuardedRoute = {
  ...nothing,
  method: 'post',
  path: '/api/account/password',
  summary: 'Chooses a new password; all other sessions end',
  capability: 'signed-in',
  body: changePasswordSchema,
  answer: doneSchema,
  async serve({ db, principal, body, place }) {
    requireSession(principal);
    const sent = readInput('body', changePasswordSchema, parseBody(body));
    await changePassword(db, principal, { ...sent, place });
    return { status: 200, body: DONE };
  },
};

function requireSession({ via }: Call['principal']) {
  if (via.kind !== 'session') throw new AppError('session.needed');
  return via;
}
