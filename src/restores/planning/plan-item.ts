import { parseBody } from '../../backups/parse-body.ts';
import { readVersionBody } from '../../backups/read-version.ts';
import { findReferences } from '../../graph/writing/references.ts';
import { canonicalText, type JsonObject, sha256Hex } from '../../kernel/canonical-json.ts';
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
import { findWriteRegistration } from '../../tenants/find-write-registration.ts';
import { type Restore, requireRestore } from '../find-restore.ts';
import { findEntered } from '../secrets/find-entered.ts';
import { isAsSent } from '../writing/is-as-sent.ts';
import { type LiveBody, listedBodyOf } from './listed-bodies.ts';
import { decisionOf, loadSurroundings } from './load-surroundings.ts';
import type { Decision } from './match-item.ts';
import type { PlanInput } from './plan-input.ts';
import { type Preview, previewItem } from './preview-item.ts';
import { type ResolvedReferences, resolveReferences } from './resolve-references.ts';
import { warnFromInventory, warnOfApproval } from './warn-from-inventory.ts';
import { warnOfRights } from './warn-of-rights.ts';

/** Works one item of the restore: what it would do, and what stands in its way. */
export async function planItem(
  ctx: RunContext<PlanInput, 'read'>,
  item: Item,
): Promise<ItemEnding> {
  const loaded = await ctx.inTenant((tx) => loadItem(tx, ctx.input, item.id));
  const { row, saved, decision, restore, references, entered } = loaded;
  const live = await readLive(ctx, loaded);
  if (live === undefined && decision.action === 'update') throw new AppError('policy.gone');
  const decided = await ofWhatWasMade(ctx, loaded, live);
  const preview = previewItem({
    type: row.type,
    saved,
    live: live === undefined ? null : parseBody(live.body),
    decision: decided,
    options: restore.options,
    references,
    entered,
  });
  await ctx.inTenant(async (tx) => {
    const found = await warnFromInventory(tx, { restore, row }, preview, live);
    const rights = warnOfRights(row.type, preview.steps, await findWriteRegistration(tx));
    const approval = warnOfApproval(restore, row, preview);
    const warnings = [...preview.warnings, ...found, ...rights, ...approval];
    await writePreview(tx, loaded, { ...preview, warnings }, live);
  });
  if (preview.code !== null) return skipped(preview.code);
  return succeeded({ action: preview.action, differences: preview.differences.length });
}

/** What a restore made is deleted only as it was made: whatever came to it later is somebody's. */
async function ofWhatWasMade(
  ctx: RunContext<PlanInput, 'read'>,
  { decision, row, restore }: LoadedItem,
  live: LiveBody | undefined,
): Promise<Decision> {
  if (decision.action !== 'delete') return decision;
  if (live === undefined) return { action: 'skip', code: 'policy.gone' };
  const maker = { restoreId: restore.origin_id ?? restore.id, versionId: row.version_id };
  const isAsMade =
    row.made_hash === null
      ? await ctx.inTenant((tx) => isAsSent(tx, maker, parseBody(live.body)))
      : row.made_hash.toString('hex') === live.contentHash;
  return isAsMade ? decision : { action: 'blocked', code: 'restore.changed_since_made' };
}

type Row = Awaited<ReturnType<typeof findItem>>;

interface LoadedItem {
  readonly restore: Restore;
  readonly row: Row;
  readonly saved: JsonObject;
  readonly decision: Decision;
  readonly references: ResolvedReferences;
  readonly entered: ReadonlyMap<string, string>;
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
    entered: await findEntered(tx, restore.id, versionId),
  };
}

function findItem(tx: SliceTx, restore: Restore, versionId: string) {
  return tx.db
    .selectFrom('restore_items')
    .select(['version_id', 'type', 'name', 'content_hash', 'choice', 'made_hash'])
    .select(['match_kind', 'match_graph_id', 'listed_graph_id', 'listed_body'])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', restore.id)
    .where('version_id', '=', versionId)
    .executeTakeFirstOrThrow();
}

/** The matched object as it is now, also of what is not written: people see the difference. */
async function readLive(
  ctx: RunContext<PlanInput, 'read'>,
  { row, restore, decision }: LoadedItem,
): Promise<LiveBody | undefined> {
  const { type, match_graph_id: graphId } = row;
  if (graphId === null || restore.plan_looks[type] !== 'listed') return undefined;
  if (decision.action === 'create' || decision.action === 'skip') return undefined;
  return listedBodyOf(row) ?? readIfThere(ctx, { type, graphId });
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
      secret_places: [...preview.secretPlaces],
      refers_to: JSON.stringify(references.resolved),
      new_group_ids: [...preview.newGroupIds],
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', restore.id)
    .where('version_id', '=', row.version_id)
    .execute();
}

function stepJson({ name, method, path, body, isCreate }: Preview['steps'][number]): JsonObject {
  return { name, method, path, body, isCreate };
}
