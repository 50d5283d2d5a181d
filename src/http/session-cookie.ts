import { SESSION_LIFE_SECONDS } from '../access/sessions.ts';
import type { Secret } from '../kernel/secret.ts';

/** `__Host-`: browsers take it from a secure origin only, for this host and no other. */
export const SESSION_COOKIE = '__Host-tenantatlas';
/** Lax: a link in a mail or a chat opens the page; a form of another site sends nothing. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/** The session's secret in a `Cookie` header. */
export function readSessionCookie(header: string | undefined): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === SESSION_COOKIE && value !== undefined && value !== '') return value;
  }
  return undefined;
}

/** The header that gives a browser its session. */
export function sessionCookie(secret: Secret<string>): Readonly<Record<string, string>> {
  const life = `Max-Age=${SESSION_LIFE_SECONDS}`;
  return { 'set-cookie': `${SESSION_COOKIE}=${secret.reveal()}; ${life}; ${ATTRIBUTES}` };
}

/** The header that takes it away. */
export function noSessionCookie(): Readonly<Record<string, string>> {
  return { 'set-cookie': `${SESSION_COOKIE}=; Max-Age=0; ${ATTRIBUTES}` };
}
