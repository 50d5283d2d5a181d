import type { Generated } from 'kysely';
import type { TenantId } from '../../kernel/ids.ts';

/** The name of a group that assignments point to, as last seen. */
export interface DirectoryGroupsTable {
  tenant_id: TenantId;
  graph_id: string;
  name: string;
  seen_at: Generated<Date>;
}
