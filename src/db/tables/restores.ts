import type { ColumnType, Generated } from 'kysely';
import type { JsonObject, JsonValue } from '../../kernel/canonical-json.ts';
import type { BackupId, ConnectionId, RestoreId, RunId, TenantId } from '../../kernel/ids.ts';
import type { RestoreAction } from './restore-items.ts';

export type RestoreState = 'draft' | 'planned';
export type RestoreSourceKind = 'backup' | 'versions' | 'copies';

/** Items of a preview by what would become of them. */
export type RestoreCounts = Readonly<Record<RestoreAction, number>>;

/** What is to be put back into a tenant; jsonb columns are written as text. */
export interface RestoresTable {
  tenant_id: TenantId;
  id: RestoreId;
  name: string;
  state: Generated<RestoreState>;
  source_kind: RestoreSourceKind;
  backup_id: BackupId | null;
  selection: JsonValue;
  options: JsonValue;
  mapping: JsonValue;
  revision: Generated<number>;
  made_by: string;
  created_at: Generated<Date>;
  plan_run_id: RunId | null;
  plan_began_at: Date | null;
  plan_looks: Generated<JsonObject>;
  planned_at: Date | null;
  planned_revision: number | null;
  connection_id: ConnectionId | null;
  connection_version: number | null;
  contracts_version: string | null;
  fingerprint: Buffer | null;
  /** What needs a second person's consent; null: not known. */
  approval_types: string[] | null;
  item_counts: ColumnType<RestoreCounts | null, string | null, string | null>;
}
