import type { TenantTx } from '../../db/tenant-tx.ts';
import type { SealedValue } from '../../graph/port.ts';
import { secretMarker } from '../../graph/secrets/place-markers.ts';
import type { RestoreId } from '../../kernel/ids.ts';

/** Ids of the values that were entered for an item, by place. */
export async function findEntered(
  tx: TenantTx,
  id: RestoreId,
  versionId: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await selectEntered(tx, id, [versionId]).execute();
  return new Map(rows.map((row) => [row.place, row.id]));
}

/** Places with an entered value, of each of these items that has any. */
export async function findEnteredPlaces(
  tx: TenantTx,
  id: RestoreId,
  versionIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (versionIds.length === 0) return new Map();
  const rows = await selectEntered(tx, id, versionIds).execute();
  const byVersion = Map.groupBy(rows, (row) => row.version_id);
  return new Map([...byVersion].map(([key, group]) => [key, group.map(({ place }) => place)]));
}

/** The values of an item as the writing port takes them: sealed. */
export async function findSealedValues(
  tx: TenantTx,
  id: RestoreId,
  versionId: string,
): Promise<readonly SealedValue[]> {
  const rows = await selectEntered(tx, id, [versionId]).select('sealed').execute();
  return rows.map((row) => ({ marker: secretMarker(row.id), id: row.id, sealed: row.sealed }));
}

function selectEntered(tx: TenantTx, id: RestoreId, versionIds: readonly string[]) {
  return tx.db
    .selectFrom('restore_secrets')
    .select(['version_id', 'place', 'id'])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', id)
    .where('version_id', 'in', [...versionIds]);
}
