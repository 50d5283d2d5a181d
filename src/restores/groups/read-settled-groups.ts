import { strict as assert } from 'node:assert';
import type { TenantTx } from '../../db/tenant-tx.ts';
import { isErrorCode } from '../../kernel/errors.ts';
import type { RestoreId } from '../../kernel/ids.ts';
import type { SettledGroup } from '../planning/resolve-references.ts';

/** What became of the ticks, by source id; a hundred at most. */
export async function readSettledGroups(
  tx: TenantTx,
  id: RestoreId,
): Promise<ReadonlyMap<string, SettledGroup>> {
  const rows = await tx.db
    .selectFrom('restore_groups')
    .select(['source_id', 'action', 'code', 'graph_id'])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', id)
    .execute();
  return new Map(rows.map((row) => [row.source_id, toSettled(row)]));
}

function toSettled(row: {
  readonly action: SettledGroup['action'];
  readonly code: string | null;
  readonly graph_id: string | null;
}): SettledGroup {
  switch (row.action) {
    case 'create':
      return { action: 'create' };
    case 'exists':
      assert(row.graph_id !== null, 'a group that exists has an id');
      return { action: 'exists', graphId: row.graph_id };
    case 'blocked':
      assert(row.code !== null && isErrorCode(row.code), 'what is blocked says why');
      return { action: 'blocked', code: row.code };
  }
}
