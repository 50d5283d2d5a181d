import { sql } from 'kysely';
import { type Actor, recordAudit } from '../audit/record-audit.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { canonicalText } from '../kernel/canonical-json.ts';
import { AppError } from '../kernel/errors.ts';
import type { RestoreId } from '../kernel/ids.ts';
import { lockRestore, type Restore, requireNoPreview } from './find-restore.ts';
import type {
  RestoreChoice,
  RestoreMapping,
  RestoreOptions,
  RestoreSelection,
} from './restore-input.ts';
import { addFromBackup } from './select-source.ts';

/** What is to be another way; what is not named stays as it is. */
export interface RestoreEdit {
  readonly name?: string | undefined;
  readonly selection?: RestoreSelection | undefined;
  readonly options?: RestoreOptions | undefined;
  readonly mapping?: RestoreMapping | undefined;
  readonly choices?: readonly RestoreChoice[] | undefined;
}

/**
 * Changes a restore; a preview that there is does not hold any more (but for its name).
 * @throws AppError restore.preview_running; forbidden when a choice is about nothing in the source
 */
export async function editRestore(
  tx: TenantTx,
  actor: Actor,
  id: RestoreId,
  edit: RestoreEdit,
): Promise<void> {
  const restore = await lockRestore(tx, id);
  await requireNoPreview(tx, restore);
  if (edit.selection !== undefined && restore.source_kind !== 'backup') throw notOfABackup();
  const { name, selection, options, mapping, choices = [] } = edit;
  const isPlanChanged = [selection, options, mapping].some((part) => part !== undefined);
  await tx.db
    .updateTable('restores')
    .set({
      revision: restore.revision + (isPlanChanged || choices.length > 0 ? 1 : 0),
      ...(name === undefined ? {} : { name }),
      ...(selection === undefined ? {} : { selection: canonicalText(selection) }),
      ...(options === undefined ? {} : { options: canonicalText(options) }),
      ...(mapping === undefined ? {} : { mapping: canonicalText(mapping) }),
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .execute();
  if (choices.length > 0) {
    await writeChoices(tx, { ...restore, selection: selection ?? restore.selection }, choices);
  }
  await recordAudit(tx, actor, {
    action: 'restore.edited',
    subject: { kind: 'restore', id },
    details: { fields: Object.keys(edit).sort(), choices: choices.length },
  });
}

/** Items of a backup are made by the preview; one that is decided before is made here. */
async function writeChoices(
  tx: TenantTx,
  restore: Restore,
  choices: readonly RestoreChoice[],
): Promise<void> {
  const byId = new Map(choices.map((choice) => [choice.versionId, choice]));
  if (restore.source_kind === 'backup') await addFromBackup(tx, restore, [...byId.keys()]);
  const decided = [...byId.values()];
  await requireDeletable(tx, restore, decided);
  const { numAffectedRows } = await sql`
    update restore_items i set choice = c.choice, chosen_graph_id = c.graph_id
    from unnest(${decided.map(({ versionId }) => versionId)}::uuid[],
      ${decided.map(({ choice }) => choice)}::text[],
      ${decided.map(({ graphId }) => graphId)}::text[]) as c (version_id, choice, graph_id)
    where i.tenant_id = ${tx.tenantId} and i.restore_id = ${restore.id}
      and i.version_id = c.version_id`.execute(tx.db);
  if (Number(numAffectedRows) !== byId.size) throw new AppError('forbidden');
}

/** Only what a restore made is deleted by one. @throws AppError restore.not_deletable */
async function requireDeletable(
  tx: TenantTx,
  { id }: Restore,
  choices: readonly RestoreChoice[],
): Promise<void> {
  const deleted = choices.filter(({ choice }) => choice === 'delete');
  if (deleted.length === 0) return;
  const { rows } = await sql<{ items: number }>`
    select count(*)::integer as items from restore_items
    where tenant_id = ${tx.tenantId} and restore_id = ${id} and is_made
      and version_id = any(${deleted.map(({ versionId }) => versionId)}::uuid[])`.execute(tx.db);
  if (rows[0]?.items !== deleted.length) throw new AppError('restore.not_deletable');
}

/** As a bad field of the request is told. */
function notOfABackup(): AppError {
  return new AppError('request.invalid', {
    in: 'body',
    pointers: ['/selection'],
    messages: ['Only items of a backup are chosen by a filter'],
  });
}
