import type { Clock } from '../kernel/clock.ts';
import { MINUTE } from '../kernel/durations.ts';
import { AppError } from '../kernel/errors.ts';
import type { Principal } from './principal.ts';

/** A screen that was left alone for longer may be anybody's. */
const RECENT_MS = 5 * MINUTE;

/**
 * Before what could do harm: whoever sits there has entered the password a moment ago. A token was
 * given its scopes on purpose and passes.
 * @throws AppError session.confirm_required
 */
export function requireRecentSignIn({ via }: Principal, clock: Clock): void {
  if (via.kind === 'token') return;
  const ageMs = clock.now().getTime() - via.authenticatedAt.getTime();
  if (ageMs > RECENT_MS) throw new AppError('session.confirm_required');
}
