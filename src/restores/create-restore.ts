import { type Actor, recordAudit } from '../audit/record-audit.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { canonicalText } from '../kernel/canonical-json.ts';
import { newId, type RestoreId, restoreIdSchema } from '../kernel/ids.ts';
import type {
  RestoreMapping,
  RestoreOptions,
  RestoreSelection,
  RestoreSource,
} from './restore-input.ts';
import { addVersions } from './select-source.ts';

export interface NewRestore {
  readonly name: string;
  readonly source: RestoreSource;
  /** Of a backup; of the other sources everything is chosen. */
  readonly selection: RestoreSelection;
  readonly options: RestoreOptions;
  readonly mapping: RestoreMapping;
}

/**
 * Makes a draft: nothing is looked at in Graph before its preview is started, nothing is written
 * there before somebody confirms that. The caller has seen that the source is this tenant's.
 */
export async function createRestore(
  tx: TenantTx,
  actor: Actor,
  restore: NewRestore,
): Promise<RestoreId> {
  const { name, source, selection, options, mapping } = restore;
  const id = newId(restoreIdSchema);
  await tx.db
    .insertInto('restores')
    .values({
      tenant_id: tx.tenantId,
      id,
      name,
      source_kind: source.kind,
      backup_id: source.kind === 'backup' ? source.backupId : null,
      selection: canonicalText(selection),
      options: canonicalText(options),
      mapping: canonicalText(mapping),
      made_by: actor.label,
    })
    .execute();
  if (source.kind === 'versions') await addVersions(tx, { id }, source.versionIds);
  await recordAudit(tx, actor, {
    action: 'restore.created',
    subject: { kind: 'restore', id },
    details: {
      source: source.kind,
      ...(source.kind === 'backup' ? { backupId: source.backupId } : {}),
    },
  });
  return id;
}
