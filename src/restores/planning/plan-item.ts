import { sql } from 'kysely';
import { readVersionBody } from '../../backups/read-version.ts';
import { findReferences } from '../../graph/writing/references.ts';
import {
  canonicalText,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  sha256Hex,
} from '../../kernel/canonical-json.ts';
import { AppError } from '../../kernel/errors.ts';
import { readIfThere } from '../../policies/read-if-there.ts';
import {
  type Item,
  type ItemEnding,
  type RunContext,
  type SliceTx,
  skipped,
  succeeded,
} from '../../runs/run-type.ts';
import { type Restore, requireRestore } from '../find-restore.ts';
import { type LiveBody, listedBodyOf } from './listed-bodies.ts';
import { decisionOf, loadSurroundings } from './load-surroundings.ts';
import type { Decision } from './match-item.ts';
import type { PlanInput } from './plan-input.ts';
import { type Preview, previewItem } from './preview-item.ts';
import { type ResolvedReferences, resolveReferences } from './resolve-references.ts';
import type { Warning } from './warn-of-item.ts';

/** Works one item of the restore: what it would do, and what stands in its way. */
export async function planItem(
  ctx: RunContext<PlanInput, 'read'>,
  item: Item,
): Promise<ItemEnding> {
  const loaded = await ctx.inTenant((tx) => loadItem(tx, ctx.input, item.id));
  const { row, saved, decision, restore, references } = loaded;
  const live = await readLive(ctx, loaded);
  if (live === undefined && decision.action === 'update') throw new AppError('policy.gone');
  const preview = previewItem({
    type: row.type,
    saved,
    live: live === undefined ? null : parseBody(live.body),
    decision,
    options: restore.options,
    references,
  });
  await ctx.inTenant(async (tx) => {
    const warnings = [...preview.warnings, ...(await warnFromInventory(tx, loaded, preview, live))];
    await writePreview(tx, loaded, { ...preview, warnings }, live);
  });
  if (preview.code !== null) return skipped(preview.code);
  return succeeded({ action: preview.action, differences: preview.differences.length });
}

type Row = Awaited<ReturnType<typeof findItem>>;

interface LoadedItem {
  readonly restore: Restore;
  readonly row: Row;
  readonly saved: JsonObject;
  readonly decision: Decision;
  readonly references: ResolvedReferences;
}

async function loadItem(tx: SliceTx, input: PlanInput, versionId: string): Promise<LoadedItem> {
  const restore = await requireRestore(tx, input.restoreId);
  const row = await findItem(tx, restore, versionId);
  const saved = parseBody(await readVersionBody(tx, row.content_hash));
  const found = findReferences(row.type, saved);
  const surroundings = await loadSurroundings(tx, restore, versionId, found);
  return {
    restore,
    row,
    saved,
    decision: decisionOf(restore, { ...row, match: row.match_kind ?? 'none' }),
    references: resolveReferences(found, surroundings),
  };
}

function findItem(tx: SliceTx, restore: Restore, versionId: string) {
  return tx.db
    .selectFrom('restore_items')
    .select(['version_id', 'type', 'name', 'content_hash', 'choice'])
    .select(['match_kind', 'match_graph_id', 'listed_graph_id', 'listed_body'])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', restore.id)
    .where('version_id', '=', versionId)
    .executeTakeFirstOrThrow();
}

/** The matched object as it is now: also of what is not written, so that people see the difference. */
async function readLive(
  ctx: RunContext<PlanInput, 'read'>,
  { row, restore, decision }: LoadedItem,
): Promise<LiveBody | undefined> {
  const { type, match_graph_id: graphId } = row;
  if (graphId === null || restore.plan_looks[type] !== 'listed') return undefined;
  if (decision.action === 'create' || decision.action === 'skip') return undefined;
  return listedBodyOf(row) ?? readIfThere(ctx, { type, graphId });
}

/** Canonical text: it was exact when it was made. */
function parseBody(text: string): JsonObject {
  const parsed: JsonValue = JSON.parse(text);
  if (!isJsonObject(parsed)) throw new AppError('snapshot.damaged', { reason: 'not_an_object' });
  return parsed;
}

async function warnFromInventory(
  tx: SliceTx,
  { row, restore }: LoadedItem,
  { action, differences }: Preview,
  live: LiveBody | undefined,
): Promise<Warning[]> {
  if (action === 'create') {
    const name = restore.options.namePrefix + row.name;
    return (await isNameTaken(tx, restore, row, name)) ? [{ code: 'restore.name_exists' }] : [];
  }
  if (live === undefined || differences.length === 0) return [];
  const isKept = await isLatestVersion(tx, row, live);
  return isKept ? [] : [{ code: 'restore.changed_since_backup' }];
}

/** By an object of the tenant, or by another item that will be created. */
async function isNameTaken(
  tx: SliceTx,
  restore: Restore,
  row: Row,
  name: string,
): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select exists (select 1 from policies p
        where p.tenant_id = ${tx.tenantId} and p.type = ${row.type} and p.name = ${name}
          and p.missing_since is null)
      or exists (select 1 from restore_items o
        where o.tenant_id = ${tx.tenantId} and o.restore_id = ${restore.id}
          and o.type = ${row.type} and o.name = ${row.name} and o.version_id <> ${row.version_id}
          and (o.choice = 'create' or o.choice is null and o.match_kind = 'none')) as taken`.execute(
    tx.db,
  );
  return rows[0]?.taken === true;
}

/** Whether the newest version that was kept of the object says what it says now. */
async function isLatestVersion(tx: SliceTx, row: Row, live: LiveBody): Promise<boolean> {
  const latest = await tx.db
    .selectFrom('policies as p')
    .innerJoin('policy_versions as v', (join) =>
      join
        .onRef('v.tenant_id', '=', 'p.tenant_id')
        .onRef('v.policy_id', '=', 'p.id')
        .onRef('v.number', '=', 'p.latest_version'),
    )
    .select('v.content_hash')
    .where('p.tenant_id', '=', tx.tenantId)
    .where('p.type', '=', row.type)
    .where('p.graph_id', '=', live.graphId)
    .executeTakeFirst();
  return latest?.content_hash.toString('hex') === live.contentHash;
}

/** More differences than this are counted and not kept. */
const DIFFERENCES_KEPT_MAX = 1_000;

async function writePreview(
  tx: SliceTx,
  { restore, row, references }: LoadedItem,
  preview: Preview,
  live: LiveBody | undefined,
): Promise<void> {
  const { action, code, risk, warnings, differences } = preview;
  const steps = preview.steps.length === 0 ? null : canonicalText(preview.steps.map(stepJson));
  await tx.db
    .updateTable('restore_items')
    .set({
      action,
      code,
      risk,
      warnings: JSON.stringify(warnings),
      differences: JSON.stringify(differences.slice(0, DIFFERENCES_KEPT_MAX)),
      difference_count: differences.length,
      listed_graph_id: null,
      listed_body: null,
      live_hash: live === undefined ? null : Buffer.from(live.contentHash, 'hex'),
      steps: steps === null ? null : Buffer.from(steps, 'utf8'),
      steps_hash: steps === null ? null : Buffer.from(sha256Hex(steps), 'hex'),
      depends_on: [...references.dependsOn],
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', restore.id)
    .where('version_id', '=', row.version_id)
    .execute();
}

function stepJson({ name, method, path, body, isCreate }: Preview['steps'][number]): JsonObject {
  return { name, method, path, body, isCreate };
}
