import { sql } from 'kysely';
import { type Actor, recordAudit } from '../audit/record-audit.ts';
import type { RestoreOrigin } from '../db/tables/restores.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { canonicalText } from '../kernel/canonical-json.ts';
import { AppError } from '../kernel/errors.ts';
import { newId, type RestoreId, restoreIdSchema } from '../kernel/ids.ts';
import { type Restore, requireRestore } from './find-restore.ts';
import type { RestoreMapping } from './restore-input.ts';
import { addVersions } from './select-source.ts';

/**
 * Restores that are made from one that was carried out; each goes through preview and gate anew.
 */

/**
 * Tries again what failed: a new restore of those items alone, which names the first. What was made
 * before the failure is updated, not made again. Unknown items are decided about instead.
 * @throws AppError restore.not_executed, restore.nothing_to_retry
 */
export async function retryRestore(tx: TenantTx, actor: Actor, id: RestoreId): Promise<RestoreId> {
  const first = await requireEnded(tx, id);
  const copies = first.source_kind === 'copies';
  const retried = await insertDerived(tx, actor, first, {
    origin: 'retry',
    name: `Again: ${first.name}`,
    sourceKind: copies ? 'copies' : 'versions',
    mapping: first.mapping,
  });
  if (copies) {
    await sql`
      insert into restore_sources select tenant_id, ${retried}, version_id, version_number,
        from_tenant_id, from_tenant_name, from_policy_id, read_at, reference_names, copied_by
      from restore_sources s where s.tenant_id = ${tx.tenantId} and s.restore_id = ${id}
        and s.version_id in (${failedItems(tx, id)})`.execute(tx.db);
  }
  const { numAffectedRows } = await sql`
    insert into restore_items (tenant_id, restore_id, version_id, type, name, source_graph_id,
      content_hash, has_masked_secrets, group_ids, choice, chosen_graph_id)
    select i.tenant_id, ${retried}, i.version_id, i.type, i.name,
      coalesce(p.graph_id, i.source_graph_id), i.content_hash, i.has_masked_secrets, i.group_ids,
      case when i.result_graph_id is not null and i.action = 'create' then 'update'
        when i.choice = 'delete' then null else i.choice end,
      case when i.action = 'create' then i.result_graph_id else i.chosen_graph_id end
    from restore_items i
      left join policy_versions v on v.tenant_id = i.tenant_id and v.id = i.version_id
      left join policies p on p.tenant_id = v.tenant_id and p.id = v.policy_id
    where i.tenant_id = ${tx.tenantId} and i.restore_id = ${id}
      and i.version_id in (${failedItems(tx, id)})`.execute(tx.db);
  if (numAffectedRows === 0n) throw new AppError('restore.nothing_to_retry');
  return retried;
}

/** Items that came to nothing, or not to what was sent; a deletion is chosen anew by an undo. */
function failedItems(tx: TenantTx, id: RestoreId) {
  return sql`select f.version_id from restore_items f where f.tenant_id = ${tx.tenantId}
    and f.restore_id = ${id} and f.result in ('failed', 'not_written', 'differs')
    and f.action <> 'delete'`;
}

/**
 * Takes a restore back: a new one that updates what it overwrote to the versions that were kept
 * before, and offers what it made for deletion, which is chosen one by one or for all here.
 * @throws AppError restore.not_executed, restore.nothing_to_undo
 */
export async function undoRestore(
  tx: TenantTx,
  actor: Actor,
  id: RestoreId,
  { deleteCreated }: { readonly deleteCreated: boolean },
): Promise<RestoreId> {
  const first = await requireEnded(tx, id);
  const undone = await insertDerived(tx, actor, first, {
    origin: 'undo',
    name: `Undo: ${first.name}`,
    sourceKind: 'versions',
    mapping: {},
  });
  const { rows } = await sql<{ version_id: string }>`
    select case i.action when 'delete' then i.version_id else i.safety_version_id end as version_id
    from restore_items i where i.tenant_id = ${tx.tenantId} and i.restore_id = ${id}
      and (i.action = 'update' and i.safety_version_id is not null
          and i.result in ('verified', 'differs', 'failed', 'unknown')
        or i.action = 'delete' and i.result = 'removed')`.execute(tx.db);
  const overwritten = rows.map((row) => row.version_id);
  if (overwritten.length > 0) await addVersions(tx, { id: undone }, overwritten);
  const choice = deleteCreated ? 'delete' : 'skip';
  const made = await sql`
    insert into restore_items (tenant_id, restore_id, version_id, type, name, source_graph_id,
      content_hash, has_masked_secrets, group_ids, choice, is_made, made_hash)
    select i.tenant_id, ${undone}, i.version_id, i.type, i.name, i.result_graph_id, i.content_hash,
      false, '{}', ${choice}, true, i.after_hash
    from restore_items i where i.tenant_id = ${tx.tenantId} and i.restore_id = ${id}
      and i.action = 'create' and i.result in ('verified', 'differs', 'failed')
      and i.result_graph_id is not null
    on conflict do nothing`.execute(tx.db);
  if (overwritten.length === 0 && made.numAffectedRows === 0n) {
    throw new AppError('restore.nothing_to_undo');
  }
  return undone;
}

/**
 * Puts the new ids into the policies that still refer to objects by ids that are gone: a new
 * restore of their latest versions, with the mapping from the old to the new.
 * @throws AppError restore.not_executed, restore.nothing_to_repair
 */
export async function repairReferences(
  tx: TenantTx,
  actor: Actor,
  id: RestoreId,
): Promise<RestoreId> {
  const first = await requireEnded(tx, id);
  const { rows } = await sql<{ key: string; new_id: string; version_id: string }>`
    select d.kind || ':' || d.old_id as key, d.new_id, v.id as version_id
    from restore_dangling d
      join policies p on p.tenant_id = d.tenant_id and p.id = d.policy_id
        and p.missing_since is null
      join policy_versions v on v.tenant_id = p.tenant_id and v.policy_id = p.id
        and v.number = p.latest_version
    where d.tenant_id = ${tx.tenantId} and d.restore_id = ${id}`.execute(tx.db);
  if (rows.length === 0) throw new AppError('restore.nothing_to_repair');
  const repaired = await insertDerived(tx, actor, first, {
    origin: 'repair',
    name: `Repair after: ${first.name}`,
    sourceKind: 'versions',
    mapping: Object.fromEntries(rows.map(({ key, new_id }) => [key, new_id])),
  });
  await addVersions(tx, { id: repaired }, [...new Set(rows.map((row) => row.version_id))]);
  return repaired;
}

async function requireEnded(tx: TenantTx, id: RestoreId): Promise<Restore> {
  const restore = await requireRestore(tx, id);
  if (restore.state !== 'ended') throw new AppError('restore.not_executed');
  return restore;
}

interface Derived {
  readonly origin: RestoreOrigin;
  readonly name: string;
  readonly sourceKind: 'versions' | 'copies';
  readonly mapping: RestoreMapping;
}

async function insertDerived(
  tx: TenantTx,
  actor: Actor,
  first: Restore,
  { origin, name, sourceKind, mapping }: Derived,
): Promise<RestoreId> {
  const id = newId(restoreIdSchema);
  // Whoever takes a restore back means all of it, and a policy that was on is on again.
  const options =
    origin === 'undo'
      ? {
          ...first.options,
          namePrefix: '',
          withAssignments: true,
          conditionalAccessState: 'asSaved',
        }
      : { ...first.options };
  await tx.db
    .insertInto('restores')
    .values({
      tenant_id: tx.tenantId,
      id,
      name: name.slice(0, 200),
      source_kind: sourceKind,
      backup_id: null,
      selection: canonicalText({}),
      options: canonicalText(options),
      mapping: canonicalText(mapping),
      made_by: actor.label,
      origin_kind: origin,
      origin_id: first.id,
    })
    .execute();
  await recordAudit(tx, actor, {
    action: 'restore.created',
    subject: { kind: 'restore', id },
    details: { source: sourceKind, origin, originId: first.id },
  });
  return id;
}
