import type { Generated } from 'kysely';
import type { RestoreId, TenantId } from '../../kernel/ids.ts';

/** A value that Graph hides and a person entered, for one restore. */
export interface RestoreSecretsTable {
  tenant_id: TenantId;
  restore_id: RestoreId;
  version_id: string;
  place: string;
  id: string;
  sealed: Buffer;
  keyed_hash: Buffer;
  entered_by: string;
  entered_at: Generated<Date>;
}
