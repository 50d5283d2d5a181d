import type { Capability } from '../kernel/capabilities.ts';
import type { SessionId, TenantId, TokenId, UserId } from '../kernel/ids.ts';

/** How a caller was recognised: by a token of a program, or by the session of a browser. */
export type Recognition =
  | { readonly kind: 'token'; readonly id: TokenId; readonly name: string }
  | {
      readonly kind: 'session';
      readonly id: SessionId;
      readonly createdAt: Date;
      /** When the password was entered last. */
      readonly authenticatedAt: Date;
      readonly endsAt: Date;
    };

/** Who calls. What they may do in a tenant is asked there: `authorise`. */
export interface Principal {
  readonly userId: UserId;
  readonly userName: string;
  readonly isAdmin: boolean;
  /** What may be done at most: a token's scopes; a person at the screen may do all of the role. */
  readonly scopes: readonly Capability[];
  /** Where; null is every tenant of the user. */
  readonly tenantIds: readonly TenantId[] | null;
  readonly via: Recognition;
}
