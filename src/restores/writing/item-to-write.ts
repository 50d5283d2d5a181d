import { sql } from 'kysely';
import { parseBody } from '../../backups/parse-body.ts';
import { readVersionBody } from '../../backups/read-version.ts';
import type { RestoreAction, RestoreResult } from '../../db/tables/restore-items.ts';
import { textAt } from '../../graph/body-paths.ts';
import { contractOf, type PolicyType } from '../../graph/contracts/list.ts';
import type { SealedValue } from '../../graph/port.ts';
import { newGroupId } from '../../graph/writing/new-groups.ts';
import type { WriteStep } from '../../graph/writing/write-step.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/canonical-json.ts';
import type { RestoreId } from '../../kernel/ids.ts';
import type { SliceTx } from '../../runs/run-type.ts';
import { type Restore, requireRestore } from '../find-restore.ts';
import { pendingId } from '../planning/resolve-references.ts';
import { findSealedValues } from '../secrets/find-entered.ts';
import { type ItemKey, openWrites, type Write } from './ledger.ts';
import { fillStep, readSteps } from './read-steps.ts';

/** An item of a restore in work: what is to be sent, and what has become of it so far. */
export interface ItemToWrite extends ItemKey {
  readonly restore: Restore;
  readonly type: PolicyType;
  readonly name: string;
  readonly action: RestoreAction;
  /** The id that the object had where it was saved. */
  readonly sourceGraphId: string;
  /** The object that is changed; null: it is made. */
  readonly matchGraphId: string | null;
  /** Hash of the object as the preview saw it. */
  readonly liveHash: string | null;
  /** The object as it was before the first write, for an update. */
  readonly before: JsonObject | null;
  readonly beforeHash: string | null;
  /** With the ids of what was made before it; null: something that it needs was not made. */
  readonly steps: readonly WriteStep[] | null;
  readonly writes: readonly Write[];
  /** What a person entered for what Graph hides; opened by the port alone. */
  readonly secrets: readonly SealedValue[];
  /** Somebody decided to delete the object that was made for it, whatever it is by now. */
  readonly isDeleteDecided: boolean;
  /** Another object may bear its name: somebody wanted it so, or the preview told. */
  readonly mayDouble: boolean;
  /** Objects of this type that this restore has made. */
  readonly ownIds: Set<string>;
  readonly result: RestoreResult | null;
  readonly resultCode: string | null;
}

/** Reads an item with all that it needs, and opens its ledger. */
export async function loadItem(tx: SliceTx, key: ItemKey): Promise<ItemToWrite> {
  const restore = await requireRestore(tx, key.restoreId);
  const row = await findRow(tx, key);
  const planned = readSteps(row.steps);
  const writes =
    row.result === null ? await openWrites(tx, { ...key, type: row.type }, planned) : [];
  const made = new Map([
    ...(await findMade(tx, key.restoreId, row.depends_on)),
    ...(await findMadeGroups(tx, key.restoreId, row.new_group_ids)),
  ]);
  const steps = planned.map((step) => fillStep(step, (text) => made.get(text)));
  const isWhole = steps.every((step) => step !== undefined);
  return {
    ...key,
    restore,
    type: row.type,
    name: row.name,
    action: row.action ?? 'blocked',
    sourceGraphId: row.source_graph_id,
    matchGraphId: row.action === 'create' ? null : row.match_graph_id,
    liveHash: row.live_hash?.toString('hex') ?? null,
    before: row.before_body === null ? null : parseBody(row.before_body),
    beforeHash: row.before_hash?.toString('hex') ?? null,
    steps: isWhole ? steps.filter((step) => step !== undefined) : null,
    writes,
    secrets: await findSealedValues(tx, key.restoreId, key.versionId),
    isDeleteDecided: false,
    mayDouble: row.choice === 'create' || row.decision === 'create_anew' || isToldOf(row.warnings),
    ownIds: new Set(),
    result: row.result,
    resultCode: row.result_code,
  };
}

/** The name in a request that creates. */
export function nameIn(item: ItemToWrite, step: WriteStep): string {
  return textAt(step.body, contractOf(item.type).nameProperty) ?? '';
}

async function findRow(tx: SliceTx, { restoreId, versionId }: ItemKey) {
  const row = await tx.db
    .selectFrom('restore_items as i')
    .leftJoin('policy_versions as s', (join) =>
      join.onRef('s.tenant_id', '=', 'i.tenant_id').onRef('s.id', '=', 'i.safety_version_id'),
    )
    .select(['i.type', 'i.name', 'i.action', 'i.choice', 'i.source_graph_id', 'i.match_graph_id'])
    .select(['i.live_hash', 'i.steps', 'i.depends_on', 'i.new_group_ids', 'i.warnings'])
    .select(['i.decision'])
    .select(['i.result', 'i.result_code', 's.content_hash as before_hash'])
    .where('i.tenant_id', '=', tx.tenantId)
    .where('i.restore_id', '=', restoreId)
    .where('i.version_id', '=', versionId)
    .executeTakeFirstOrThrow();
  const before_body = row.before_hash === null ? null : await readVersionBody(tx, row.before_hash);
  return { ...row, before_body };
}

/** By what stands for them in a request; null where there is none after all. */
async function findMade(
  tx: SliceTx,
  restoreId: RestoreId,
  versionIds: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  if (versionIds.length === 0) return new Map();
  const { rows } = await sql<{ version_id: string; graph_id: string | null }>`
    select version_id, case when result in ('verified', 'differs') then result_graph_id end
      as graph_id
    from restore_items
    where tenant_id = ${tx.tenantId} and restore_id = ${restoreId}
      and version_id = any(${[...versionIds]}::uuid[])`.execute(tx.db);
  return new Map(rows.map((row) => [pendingId(row.version_id), row.graph_id]));
}

async function findMadeGroups(
  tx: SliceTx,
  restoreId: RestoreId,
  sourceIds: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  if (sourceIds.length === 0) return new Map();
  const rows = await tx.db
    .selectFrom('restore_groups')
    .select(['source_id', 'made_graph_id', 'state'])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', restoreId)
    .where('source_id', 'in', [...sourceIds])
    .execute();
  return new Map(
    rows.map((row) => [
      newGroupId(row.source_id),
      row.state === 'verified' ? row.made_graph_id : null,
    ]),
  );
}

function isToldOf(warnings: JsonValue): boolean {
  return (
    Array.isArray(warnings) &&
    warnings.some((warning) => isJsonObject(warning) && warning['code'] === 'restore.name_exists')
  );
}
