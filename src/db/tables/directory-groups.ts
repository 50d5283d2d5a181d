import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { DirectoryGroupKind } from '../../graph/port.ts';
import type { TenantId } from '../../kernel/ids.ts';

/** A group of the directory, as last seen. */
export interface DirectoryGroupsTable {
  tenant_id: TenantId;
  /** In small letters. */
  graph_id: string;
  name: string;
  seen_at: Generated<Date>;
  description: string | null;
  membership_rule: string | null;
  /** Null: only its name was ever asked for. */
  kind: DirectoryGroupKind | null;
  missing_since: ColumnType<Date | null, never, Date | null>;
  name_key: GeneratedAlways<string>;
  name_key_reversed: GeneratedAlways<string>;
}
