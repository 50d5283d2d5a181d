import { sql } from 'kysely';
import type { TenantTx } from '../db/tenant-tx.ts';
import { AppError } from '../kernel/errors.ts';
import type { Restore } from './find-restore.ts';

/** The versions of a backup that a restore chooses, as its items will be. */
export function selectFromBackup(tx: TenantTx, restore: Restore) {
  const { types, nameContains, versionIds } = restore.selection;
  let query = tx.db
    .selectFrom('backup_items as i')
    .innerJoin('policies as p', (join) =>
      join.onRef('p.tenant_id', '=', 'i.tenant_id').onRef('p.id', '=', 'i.policy_id'),
    )
    .innerJoin('policy_versions as v', (join) =>
      join.onRef('v.tenant_id', '=', 'i.tenant_id').onRef('v.id', '=', 'i.version_id'),
    )
    .select(sql<string>`v.id`.as('version_id'))
    .select(['p.type', 'v.name', 'p.graph_id as source_graph_id', 'v.content_hash'])
    .select(['v.has_masked_secrets', 'v.group_ids'])
    .where('i.tenant_id', '=', tx.tenantId)
    .where('i.backup_id', '=', restore.backup_id);
  if (types !== undefined) query = query.where('p.type', 'in', types);
  if (versionIds !== undefined) query = query.where(sql`v.id`, 'in', versionIds);
  if (nameContains !== undefined) {
    query = query.where(sql<boolean>`position(lower(${nameContains}) in lower(v.name)) > 0`);
  }
  return query;
}

/** The columns of an item that say what it is. */
const ITEM_COLUMNS = [
  'version_id',
  'type',
  'name',
  'source_graph_id',
  'content_hash',
  'has_masked_secrets',
  'group_ids',
] as const;

/**
 * Makes the items what the selection says: adds what is missing, removes what is not chosen any
 * more. Items of other sources are there since they were chosen. May be repeated.
 * @throws AppError restore.source_missing, restore.nothing_chosen
 */
export async function materialiseItems(tx: TenantTx, restore: Restore): Promise<void> {
  if (restore.source_kind === 'backup') {
    if (restore.backup_id === null) throw new AppError('restore.source_missing');
    await addFromBackup(tx, restore);
    await tx.db
      .deleteFrom('restore_items')
      .where('tenant_id', '=', tx.tenantId)
      .where('restore_id', '=', restore.id)
      .where('version_id', 'not in', selectFromBackup(tx, restore).clearSelect().select(ids))
      .execute();
  }
  const any = await tx.db
    .selectFrom('restore_items')
    .select('version_id')
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', restore.id)
    .limit(1)
    .executeTakeFirst();
  if (any === undefined) throw new AppError('restore.nothing_chosen');
}

const ids = sql<string>`v.id`.as('version_id');

/** Adds items of the restore's backup; those of these versions only, where some are named. */
export async function addFromBackup(
  tx: TenantTx,
  restore: Restore,
  versionIds?: readonly string[],
): Promise<void> {
  let chosen = selectFromBackup(tx, restore);
  if (versionIds !== undefined) chosen = chosen.where(sql`v.id`, 'in', [...versionIds]);
  await tx.db
    .insertInto('restore_items')
    .columns(['tenant_id', 'restore_id', ...ITEM_COLUMNS])
    .expression(
      tx.db
        .selectFrom(chosen.as('s'))
        .select([sql`${tx.tenantId}::uuid`.as('tenant_id'), sql`${restore.id}::uuid`.as('r')])
        .select(ITEM_COLUMNS)
        .orderBy('version_id'),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Adds items of versions that this tenant has; ids that it has not are not there afterwards. */
export async function addVersions(
  tx: TenantTx,
  restore: Pick<Restore, 'id'>,
  versionIds: readonly string[],
): Promise<void> {
  await sql`
    insert into restore_items (tenant_id, restore_id, version_id, type, name, source_graph_id,
      content_hash, has_masked_secrets, group_ids)
    select v.tenant_id, ${restore.id}, v.id, p.type, v.name, p.graph_id, v.content_hash,
      v.has_masked_secrets, v.group_ids
    from policy_versions v
      join policies p on p.tenant_id = v.tenant_id and p.id = v.policy_id
    where v.tenant_id = ${tx.tenantId} and v.id = any(${versionIds}::uuid[])
    order by v.id on conflict do nothing`.execute(tx.db);
}
