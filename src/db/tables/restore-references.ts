import type { RestoreId, TenantId } from '../../kernel/ids.ts';

/** How an id of the source came to mean something in the tenant. */
export type ReferenceHow =
  | 'by_hand'
  | 'same_id'
  | 'same_name'
  | 'restore_item'
  | 'new_group'
  | 'unchecked'
  | 'nothing';

/** Something that items of a restore refer to, as its last finished preview resolved it. */
export interface RestoreReferencesTable {
  tenant_id: TenantId;
  restore_id: RestoreId;
  kind: string;
  /** In small letters. */
  source_id: string;
  /** What the source calls it. */
  name: string | null;
  how: ReferenceHow;
  /** An id of the tenant, or what stands for one until the restore has made it. */
  target: string | null;
  items: number;
}
