import type { Principal } from '../access/tokens.ts';
import type { Actor } from '../audit/record-audit.ts';

/** The caller as audit entries and runs name them. */
export function actorOf(principal: Principal): Actor {
  return {
    kind: 'token',
    id: principal.tokenId,
    label: `${principal.userName} (token ${principal.tokenName})`,
  };
}
