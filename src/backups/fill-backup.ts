import { sql } from 'kysely';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { BackupId, PolicyId } from '../kernel/ids.ts';
import { type ItemEnding, succeeded } from '../runs/run-type.ts';
import { type KeepReason, keepVersions, type ReadPolicy } from './keep-version.ts';

/**
 * Puts policies into a backup, each with the version that was kept of it now: four statements,
 * whatever their number. What is in the backup already stays: work that is repeated after a crash
 * ends as it did before.
 */
export async function fillBackup(
  tx: TenantTx,
  backupId: BackupId,
  policies: readonly ReadPolicy[],
  why: KeepReason,
): Promise<ReadonlyMap<PolicyId, ItemEnding>> {
  const policyIds = policies.map((policy) => policy.id);
  const before = await findBackedUp(tx, backupId, policyIds);
  const kept = await keepVersions(
    tx,
    policies.filter((policy) => !before.has(policy.id)),
    why,
  );
  await sql`
    insert into backup_items (tenant_id, backup_id, policy_id, version_id, is_new,
      secret_values_missing)
    select ${tx.tenantId}, ${backupId}, v.policy_id, v.id, k.is_new, v.has_masked_secrets
    from unnest(${[...kept.values()].map((version) => version.versionId)}::uuid[],
      ${[...kept.values()].map((version) => version.isNew)}::boolean[]) as k (version_id, is_new)
      join policy_versions v on v.tenant_id = ${tx.tenantId} and v.id = k.version_id
    order by v.policy_id
    on conflict do nothing`.execute(tx.db);
  const after = await findBackedUp(tx, backupId, policyIds);
  return new Map([...after].map(([id, { number, isNew }]) => [id, endingOf(number, isNew)]));
}

/** What a backup holds of a policy. */
interface BackedUp {
  readonly number: number;
  readonly isNew: boolean;
}

/** Which of these policies the backup holds already. */
export async function findBackedUp(
  tx: TenantTx,
  backupId: BackupId,
  policyIds: readonly PolicyId[],
): Promise<ReadonlyMap<PolicyId, BackedUp>> {
  if (policyIds.length === 0) return new Map();
  const rows = await tx.db
    .selectFrom('backup_items as i')
    .innerJoin('policy_versions as v', (join) =>
      join.onRef('v.tenant_id', '=', 'i.tenant_id').onRef('v.id', '=', 'i.version_id'),
    )
    .select(['i.policy_id', 'i.is_new', 'v.number'])
    .where('i.tenant_id', '=', tx.tenantId)
    .where('i.backup_id', '=', backupId)
    .where('i.policy_id', 'in', [...policyIds])
    .execute();
  return new Map(rows.map((row) => [row.policy_id, { number: row.number, isNew: row.is_new }]));
}

/** In the backup either way; the code tells that the version was there before. */
function endingOf(version: number, isNew: boolean): ItemEnding {
  if (isNew) return succeeded({ version });
  return { outcome: 'succeeded', code: 'policy.unchanged', details: { version } };
}
