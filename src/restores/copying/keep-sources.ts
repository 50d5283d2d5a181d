import { sql } from 'kysely';
import { type Actor, recordAudit } from '../../audit/record-audit.ts';
import type { TenantTx } from '../../db/tenant-tx.ts';
import type { RestoreId, TenantId } from '../../kernel/ids.ts';
import type { SourceWithBody } from './read-sources.ts';

/** Puts copied versions into a restore: bodies, where they came from, and its items. */
export async function keepSources(
  tx: TenantTx,
  actor: Actor,
  { restoreId, fromTenantId }: { readonly restoreId: RestoreId; readonly fromTenantId: TenantId },
  sources: readonly SourceWithBody[],
): Promise<number> {
  await sql`
    insert into snapshots (tenant_id, content_hash, body)
    select ${tx.tenantId}, s.hash, s.body
    from unnest(${sources.map((source) => source.contentHash)}::bytea[],
      ${sources.map((source) => Buffer.from(source.body, 'utf8'))}::bytea[]) as s (hash, body)
    order by s.hash on conflict do nothing`.execute(tx.db);
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
