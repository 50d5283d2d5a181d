import { sql } from 'kysely';
import { z } from 'zod';
import { type Actor, recordAudit } from '../../audit/record-audit.ts';
import { findBackup } from '../../backups/list-backups.ts';
import type { TenantTx } from '../../db/tenant-tx.ts';
import { AppError } from '../../kernel/errors.ts';
import {
  backupIdSchema,
  type ComparisonId,
  comparisonIdSchema,
  newId,
  versionIdSchema,
} from '../../kernel/ids.ts';
import { findVersionSide } from '../find-version.ts';
import { NOTHING_GIVEN } from '../make-comparison.ts';

/** This tenant's side of a comparison with another; empty: the latest of each policy there is. */
export const ownSideSchema = z.strictObject({
  /** What this backup holds. */
  backupId: backupIdSchema.exactOptional(),
  /** This one only: compared with the one version that is copied, whatever both are called. */
  versionId: versionIdSchema.exactOptional(),
});
type OwnSide = z.infer<typeof ownSideSchema>;

/**
 * Makes a comparison with another tenant, which waits for copies and for its run. Nothing is
 * compared before, and a draft that nobody starts goes after a day.
 */
export async function createComparison(
  tx: TenantTx,
  actor: Actor,
  ours: OwnSide,
): Promise<ComparisonId> {
  await forgetOldDrafts(tx);
  const id = newId(comparisonIdSchema);
  await tx.db
    .insertInto('comparisons')
    .values({
      ...NOTHING_GIVEN,
      tenant_id: tx.tenantId,
      id,
      kind: 'copies',
      state: 'draft',
      run_id: null,
      before_label: 'nothing yet',
      after_label: await labelOf(tx, ours),
      version_id: ours.versionId ?? null,
      after_backup_id: ours.backupId ?? null,
      made_by: actor.label,
    })
    .execute();
  await recordAudit(tx, actor, {
    action: 'comparison.created',
    subject: { kind: 'comparison', id },
    details: { ...ours },
  });
  return id;
}

async function labelOf(tx: TenantTx, { backupId, versionId }: OwnSide): Promise<string> {
  const { name } = await tx.db
    .selectFrom('tenants')
    .select('name')
    .where('id', '=', tx.tenantId)
    .executeTakeFirstOrThrow();
  if (versionId !== undefined) {
    const version = await findVersionSide(tx, versionId);
    if (version === undefined) throw new AppError('forbidden');
    return `${name}, ${version.name}, version ${version.number}`;
  }
  if (backupId === undefined) return name;
  const backup = await findBackup(tx, backupId);
  if (backup === undefined) throw new AppError('forbidden');
  return `${name}, ${backup.name}`;
}

/** Drafts have no run whose retention would take them along. */
async function forgetOldDrafts(tx: TenantTx): Promise<void> {
  await tx.db
    .deleteFrom('comparisons')
    .where('tenant_id', '=', tx.tenantId)
    .where('run_id', 'is', null)
    .where('created_at', '<', sql<Date>`clock_timestamp() - interval '1 day'`)
    .execute();
}
