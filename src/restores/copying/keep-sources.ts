import { type Actor, recordAudit } from '../../audit/record-audit.ts';
import type { TenantTx } from '../../db/tenant-tx.ts';
import type { RestoreId, TenantId } from '../../kernel/ids.ts';
import { keepBodies } from './keep-bodies.ts';
import type { SourceWithBody } from './read-sources.ts';

/** Puts copied versions into a restore: bodies, where they came from, and its items. */
export async function keepSources(
  tx: TenantTx,
  actor: Actor,
  { restoreId, fromTenantId }: { readonly restoreId: RestoreId; readonly fromTenantId: TenantId },
  sources: readonly SourceWithBody[],
): Promise<number> {
  await keepBodies(tx, sources);
  let copied = 0;
  for (const source of sources)
    copied += await keepSource(tx, actor, restoreId, fromTenantId, source);
  if (copied > 0) {
    await tx.db
      .updateTable('restores')
      .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
      .where('tenant_id', '=', tx.tenantId)
      .where('id', '=', restoreId)
      .execute();
  }
  await recordAudit(tx, actor, {
    action: 'restore.versions_copied',
    subject: { kind: 'restore', id: restoreId },
    details: { fromTenantId, versions: sources.length, copied },
  });
  return copied;
}

/** 1 when it was not there yet. */
async function keepSource(
  tx: TenantTx,
  actor: Actor,
  restoreId: RestoreId,
  fromTenantId: TenantId,
  source: SourceWithBody,
): Promise<number> {
  const key = { tenant_id: tx.tenantId, restore_id: restoreId, version_id: source.versionId };
  const added = await tx.db
    .insertInto('restore_sources')
    .values({
      ...key,
      version_number: source.number,
      from_tenant_id: fromTenantId,
      from_tenant_name: source.tenantName,
      from_policy_id: source.policyId,
      read_at: source.readAt,
      reference_names: JSON.stringify(source.referenceNames),
      copied_by: actor.label,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows === 0n) return 0;
  await tx.db
    .insertInto('restore_items')
    .values({
      ...key,
      type: source.type,
      name: source.name,
      source_graph_id: source.graphId,
      content_hash: source.contentHash,
      has_masked_secrets: source.hasMaskedSecrets,
      group_ids: [...source.groupIds],
    })
    .execute();
  return 1;
}
