import type { Generated } from 'kysely';
import type { RunId, TenantId, UserId } from '../../kernel/ids.ts';

/** Who asked for a run, first or by joining it. */
export interface RunRequestersTable {
  tenant_id: TenantId;
  run_id: RunId;
  user_id: UserId;
  label: string;
  requested_at: Generated<Date>;
}
