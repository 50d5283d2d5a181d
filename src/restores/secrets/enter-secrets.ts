import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { type Actor, recordAudit } from '../../audit/record-audit.ts';
import type { TenantTx } from '../../db/tenant-tx.ts';
import { formToSend } from '../../graph/secrets/hidden-places.ts';
import type { RestoreId } from '../../kernel/ids.ts';
import { Secret } from '../../kernel/secret.ts';
import type { KeyEncryptionKey } from '../../tenants/key-file.ts';
import { hashEntered, sealEntered } from '../../tenants/seal-entered.ts';
import { openTenantKey } from '../../tenants/tenant-key.ts';
import { lockRestore, requireNoPreview } from '../find-restore.ts';
import { addFromBackup } from '../select-source.ts';
import { requireHiddenPlaces } from './require-hidden-places.ts';

/** A value for one hidden place of one item. */
export interface SecretEntry {
  readonly versionId: string;
  readonly place: string;
  readonly value: Secret<string>;
}

/**
 * Keeps values that Graph hides, sealed, for this restore alone; one that was there is replaced. A
 * preview that there is does not hold any more: its requests stand for other values.
 * @throws AppError restore.preview_running; request.invalid where nothing is hidden; forbidden when
 *   an entry is about nothing in the source; sealed.refused when the tenant's key does not open
 */
export async function enterSecrets(
  tx: TenantTx,
  key: KeyEncryptionKey,
  actor: Actor,
  id: RestoreId,
  entries: readonly SecretEntry[],
): Promise<void> {
  const restore = await lockRestore(tx, id);
  await requireNoPreview(tx, restore);
  const versionIds = [...new Set(entries.map(({ versionId }) => versionId))].sort();
  // Items of a backup are made by the preview; one that a value is for is made here.
  if (restore.source_kind === 'backup') await addFromBackup(tx, restore, versionIds);
  const hidden = await requireHiddenPlaces(tx, id, entries);
  const tenantKey = await openTenantKey(tx, key);
  const rows = entries.map(({ versionId, place, value }, at) => {
    const where = hidden[at];
    const sent = where === undefined ? value : new Secret(formToSend(where, value.reveal()));
    const rowId = uuidv7();
    return {
      tenant_id: tx.tenantId,
      restore_id: id,
      version_id: versionId,
      place,
      id: rowId,
      sealed: sealEntered(tenantKey, tx.tenantId, rowId, sent),
      keyed_hash: hashEntered(tenantKey, [id, versionId, place], sent),
      entered_by: actor.label,
    };
  });
  await forgetOlder(tx, id, entries);
  await tx.db.insertInto('restore_secrets').values(rows).execute();
  await tx.db
    .updateTable('restores')
    .set({ revision: restore.revision + 1 })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
  await recordAudit(tx, actor, {
    action: 'restore.secrets_entered',
    subject: { kind: 'restore', id },
    details: { places: entries.length, versionIds },
  });
}

/**
 * Erases every value of a restore: when its execution has ended, however it did. What the preview
 * was made from is gone with them, so it does not hold after that.
 */
export async function forgetSecrets(tx: TenantTx, id: RestoreId): Promise<void> {
  await tx.db
    .deleteFrom('restore_secrets')
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', id)
    .execute();
}

async function forgetOlder(
  tx: TenantTx,
  id: RestoreId,
  entries: readonly SecretEntry[],
): Promise<void> {
  await sql`
    delete from restore_secrets s
    using unnest(${entries.map(({ versionId }) => versionId)}::uuid[],
      ${entries.map(({ place }) => place)}::text[]) as e (version_id, place)
    where s.tenant_id = ${tx.tenantId} and s.restore_id = ${id}
      and s.version_id = e.version_id and s.place = e.place`.execute(tx.db);
}
