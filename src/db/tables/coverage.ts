import type { Generated } from 'kysely';
import type { TenantId } from '../../kernel/ids.ts';

export type CoverageState = 'covered' | 'not_licensed' | 'not_permitted' | 'refused';

/** What a connection can see of a policy type, as last found out. */
export interface CoverageTable {
  tenant_id: TenantId;
  policy_type: string;
  state: CoverageState;
  code: string | null;
  checked_at: Generated<Date>;
}
