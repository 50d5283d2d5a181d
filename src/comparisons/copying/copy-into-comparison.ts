import { sql } from 'kysely';
import { authorise } from '../../access/authorise.ts';
import type { Principal } from '../../access/principal.ts';
import { type Actor, recordAudit } from '../../audit/record-audit.ts';
import type { Db } from '../../db/db.ts';
import { inTenant, type TenantTx } from '../../db/tenant-tx.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ComparisonId, TenantId } from '../../kernel/ids.ts';
import type { Copied } from '../../restores/copy-sources.ts';
import { keepBodies } from '../../restores/copying/keep-bodies.ts';
import { readSources, type SourceWithBody } from '../../restores/copying/read-sources.ts';
import { lockComparison } from '../find-comparison.ts';

export interface ComparisonCopying {
  /** Whose versions they are. */
  readonly fromTenantId: TenantId;
  readonly versionIds: readonly string[];
  /** Policies there, each for its latest version. */
  readonly policyIds?: readonly string[];
  /** The tenant and the comparison that they are copied into. */
  readonly tenantId: TenantId;
  readonly comparisonId: ComparisonId;
}

/**
 * Copies chosen versions of one tenant into a comparison of another, on the terms of a restore's
 * copies: both rights are asked of the database, each in its own tenant; both audits tell of it.
 * Bodies and names go along, sealed values never do.
 * @throws AppError forbidden, capability.missing, comparison.started, comparison.no_copies,
 *   comparison.other_tenant, snapshot.damaged
 */
export async function copyIntoComparison(
  db: Db,
  principal: Principal,
  actor: Actor,
  copying: ComparisonCopying,
): Promise<Copied> {
  await inTenant(db, copying.tenantId, (tx) => requireDraft(tx, principal, copying));
  const sources = await inTenant(db, copying.fromTenantId, async (tx) => {
    await authorise(tx, principal, 'backups:export');
    const latest = await findLatestIds(tx, copying.policyIds ?? []);
    return readSources(tx, actor, [...copying.versionIds, ...latest], copying.tenantId);
  });
  return inTenant(db, copying.tenantId, async (tx) => {
    await requireDraft(tx, principal, copying);
    const copied = await keepCopies(tx, actor, copying, sources);
    return { copied, present: sources.length - copied };
  });
}

async function requireDraft(
  tx: TenantTx,
  principal: Principal,
  { comparisonId, fromTenantId }: ComparisonCopying,
): Promise<void> {
  await authorise(tx, principal, 'backups:create');
  const { kind, state, from_tenant_id } = await lockComparison(tx, comparisonId);
  if (kind !== 'copies') throw new AppError('comparison.no_copies');
  if (state !== 'draft') throw new AppError('comparison.started');
  if (from_tenant_id !== null && from_tenant_id !== fromTenantId) {
    throw new AppError('comparison.other_tenant');
  }
}

/** @throws AppError forbidden when one is not this tenant's, or nothing was kept of it */
async function findLatestIds(tx: TenantTx, policyIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select v.id from policies p
      join policy_versions v on v.tenant_id = p.tenant_id and v.policy_id = p.id
        and v.number = p.latest_version
    where p.tenant_id = ${tx.tenantId} and p.id = any(${policyIds}::uuid[])`.execute(tx.db);
  if (rows.length !== new Set(policyIds).size) throw new AppError('forbidden');
  return rows.map(({ id }) => id);
}

/** How many of them were not there yet. */
async function keepCopies(
  tx: TenantTx,
  actor: Actor,
  { comparisonId, fromTenantId }: ComparisonCopying,
  sources: readonly SourceWithBody[],
): Promise<number> {
  await keepBodies(tx, sources);
  const added = await tx.db
    .insertInto('comparison_sources')
    .values(sources.map((source) => rowOf(tx, actor, comparisonId, source)))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  await tx.db
    .updateTable('comparisons')
    .set({ from_tenant_id: fromTenantId, before_label: sources[0]?.tenantName ?? '' })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', comparisonId)
    .execute();
  const copied = Number(added.numInsertedOrUpdatedRows ?? 0);
  await recordAudit(tx, actor, {
    action: 'comparison.versions_copied',
    subject: { kind: 'comparison', id: comparisonId },
    details: { fromTenantId, versions: sources.length, copied },
  });
  return copied;
}

function rowOf(tx: TenantTx, actor: Actor, comparisonId: ComparisonId, source: SourceWithBody) {
  return {
    tenant_id: tx.tenantId,
    comparison_id: comparisonId,
    version_id: source.versionId,
    version_number: source.number,
    type: source.type,
    name: source.name,
    content_hash: source.contentHash,
    reference_names: JSON.stringify(source.referenceNames),
    read_at: source.readAt,
    copied_by: actor.label,
  };
}
