import { z } from 'zod';
import type { Secret } from '../../kernel/secret.ts';

/** The one claim that is looked at; an application without any role has none. */
const claimsSchema = z.object({ roles: z.array(z.string()).default([]) });

/**
 * The application roles that a token names. Never more than a hint, to warn before Graph refuses:
 * the token is Graph's to read, its signature is not verified, and its form may change at any time
 * (learn.microsoft.com/entra/identity-platform/access-tokens: opaque to clients).
 * @returns null when it cannot be read
 */
export function rolesInToken(token: Secret<string>): readonly string[] | null {
  const [, payload] = token.reveal().split('.');
  try {
    const text = Buffer.from(payload ?? '', 'base64url').toString('utf8');
    return claimsSchema.parse(JSON.parse(text)).roles;
  } catch {
    return null;
  }
}
