import type { Generated } from 'kysely';
import type { UserId } from '../../kernel/ids.ts';

/** A denial; it has no tenant, so that nothing tells a foreign tenant from an absent one. */
export interface SecurityEventsTable {
  id: string;
  at: Generated<Date>;
  kind: string;
  user_id: UserId | null;
  route: string;
}
