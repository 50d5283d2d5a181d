import type { Generated, GeneratedAlways } from 'kysely';
import type { JsonValue } from '../../kernel/canonical-json.ts';
import type { BackupId, RunId, TenantId } from '../../kernel/ids.ts';

export type BackupState = 'building' | 'complete' | 'incomplete';

/** A named set of versions. */
export interface BackupsTable {
  tenant_id: TenantId;
  id: BackupId;
  name: string;
  state: Generated<BackupState>;
  selection: JsonValue;
  /** Made by the database, to look the selection up. */
  selection_hash: GeneratedAlways<string>;
  run_id: RunId | null;
  made_by: string;
  created_at: Generated<Date>;
  completed_at: Date | null;
}
