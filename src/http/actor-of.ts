import type { Principal } from '../access/principal.ts';
import type { Actor } from '../audit/record-audit.ts';

/** The caller as audit entries and runs name them. */
export function actorOf(principal: Principal): Actor {
  const { via, userId, userName } = principal;
  if (via.kind === 'session') return { kind: 'user', id: userId, label: userName };
  return { kind: 'token', id: via.id, label: `${userName} (token ${via.name})` };
}
