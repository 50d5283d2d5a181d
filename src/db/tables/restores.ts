import type { ColumnType, Generated } from 'kysely';
import type { JsonObject, JsonValue } from '../../kernel/canonical-json.ts';
import type {
  BackupId,
  ConnectionId,
  RestoreId,
  RunId,
  TenantId,
  UserId,
  WriteRegistrationId,
} from '../../kernel/ids.ts';
import type { RestoreAction, RestoreResult } from './restore-items.ts';
import type { Outcome } from './runs.ts';

export type RestoreState = 'draft' | 'planned' | 'executing' | 'ended';
/** A restore that was made from another one. */
export type RestoreOrigin = 'retry' | 'undo' | 'repair';
export type RestoreSourceKind = 'backup' | 'versions' | 'copies';

/** Items of a preview by what would become of them. */
export type RestoreCounts = Readonly<Record<RestoreAction, number>>;

/** Items of an execution by what became of them; `unchanged` and left out ones are in none. */
export type ResultCounts = Readonly<Record<RestoreResult, number>>;

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
  write_registration_id: WriteRegistrationId | null;
  write_registration_version: number | null;
  contracts_version: string | null;
  fingerprint: Buffer | null;
  origin_kind: RestoreOrigin | null;
  origin_id: RestoreId | null;
  confirmed_at: Date | null;
  confirmed_by: string | null;
  confirmed_user_id: UserId | null;
  confirmed_fingerprint: Buffer | null;
  confirm_reason: string | null;
  execute_run_id: RunId | null;
  began_at: Date | null;
  ended_at: Date | null;
  outcome: Outcome | null;
  safety_backup_id: BackupId | null;
  result_counts: ColumnType<ResultCounts | null, string | null, string | null>;
  /** What needs a second person's consent; null: not known. */
  approval_types: string[] | null;
  item_counts: ColumnType<RestoreCounts | null, string | null, string | null>;
}
