import type { ColumnType, Generated } from 'kysely';
import type { UserId } from '../../kernel/ids.ts';

/** A person who works with TenantAtlas. */
export interface UsersTable {
  id: UserId;
  name: string;
  is_admin: Generated<boolean>;
  created_at: Generated<Date>;
  disabled_at: ColumnType<Date | null, never, Date | null>;
}
