import { sql } from 'kysely';
import type { RestoreAction, RestoreChoice } from '../../db/tables/restore-items.ts';
import type { PolicyType } from '../../graph/contracts/list.ts';
import { canonicalText } from '../../kernel/canonical-json.ts';
import { AppError, type ErrorCode } from '../../kernel/errors.ts';
import type { RestoreId } from '../../kernel/ids.ts';
import type { RunContext, SliceTx } from '../../runs/run-type.ts';
import { requireConnection } from '../../tenants/find-connection.ts';
import { lockRestore, type Restore, requireRestore } from '../find-restore.ts';
import { countNeeded } from '../groups/count-needed.ts';
import { gatherReferences } from '../mapping/gather-references.ts';
import { computeFingerprint, hasSameWriter } from './fingerprint.ts';
import { orderItems } from './order-items.ts';
import type { PlanInput } from './plan-input.ts';

/**
 * Ends a preview: whatever hangs on an item that is not restored is not restored either, the rest
 * gets its order, and the whole its fingerprint. All in one transaction, so that there never is a
 * preview without one.
 * @throws AppError restore.preview_incomplete, restore.edited, restore.connection_changed
 */
export async function finishPlan(ctx: RunContext<PlanInput, 'read'>): Promise<void> {
  await ctx.inTenant(async (tx) => {
    const restore = await lockRestore(tx, ctx.input.restoreId);
    await requireWhole(tx, restore);
    const rows = await readRows(tx, restore.id);
    const { ids, inCycle } = orderItems(
      rows.map(({ version_id: id, depends_on: dependsOn, ...row }) => ({ ...row, id, dependsOn })),
    );
    const blocked = findBlocked(rows, ids, inCycle);
    await block(tx, restore.id, blocked);
    await writeOrder(tx, restore.id, ids);
    await countNeeded(tx, restore.id);
    await gatherReferences(tx, restore.id);
    const fingerprint = await computeFingerprint(tx, await requireRestore(tx, restore.id));
    await tx.db
      .updateTable('restores')
      .set({
        state: 'planned',
        planned_at: sql`clock_timestamp()`,
        fingerprint: Buffer.from(fingerprint, 'hex'),
        item_counts: canonicalText(countItems(rows, blocked)),
      })
      .where('tenant_id', '=', tx.tenantId)
      .where('id', '=', restore.id)
      .execute();
  });
}

/** What was looked through is the whole tenant, by the connection and the inputs it began with. */
async function requireWhole(tx: SliceTx, restore: Restore): Promise<void> {
  const looks = Object.values(restore.plan_looks);
  if (restore.plan_run_id !== tx.runId || looks.some((look) => look === null)) {
    throw new AppError('restore.preview_incomplete');
  }
  if (restore.revision !== restore.planned_revision) throw new AppError('restore.edited');
  const { id, version } = await requireConnection(tx);
  const isSame = id === restore.connection_id && version === restore.connection_version;
  if (!isSame || !(await hasSameWriter(tx, restore))) {
    throw new AppError('restore.connection_changed');
  }
}

interface Row {
  readonly version_id: string;
  readonly type: PolicyType;
  readonly name: string;
  readonly choice: RestoreChoice | null;
  readonly match_graph_id: string | null;
  readonly action: RestoreAction | null;
  readonly depends_on: readonly string[];
}

function readRows(tx: SliceTx, id: RestoreId): Promise<Row[]> {
  return tx.db
    .selectFrom('restore_items')
    .select(['version_id', 'type', 'name', 'choice', 'match_graph_id', 'action', 'depends_on'])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', id)
    .execute();
}

function countItems(
  rows: readonly Row[],
  blocked: ReadonlyMap<string, ErrorCode>,
): Record<RestoreAction, number> {
  const counts = { create: 0, update: 0, delete: 0, unchanged: 0, skip: 0, blocked: 0 };
  for (const { version_id, action } of rows) {
    counts[action === null || blocked.has(version_id) ? 'blocked' : action] += 1;
  }
  return counts;
}

/** Items that cannot be restored after all, and why: one by one, in the order of writing. */
function findBlocked(
  rows: readonly Row[],
  ids: readonly string[],
  inCycle: ReadonlySet<string>,
): ReadonlyMap<string, ErrorCode> {
  const byId = new Map(rows.map((row) => [row.version_id, row]));
  const blocked = new Map<string, ErrorCode>();
  const willBeThere = (id: string): boolean => {
    const row = byId.get(id);
    if (row === undefined) return false;
    if (row.match_graph_id !== null && row.choice !== 'create') return true;
    return row.action === 'create' && !blocked.has(id);
  };
  for (const id of ids) {
    const row = byId.get(id);
    if (row === undefined || row.action === 'skip' || row.action === 'blocked') continue;
    if (row.action === null) blocked.set(id, 'restore.item_not_previewed');
    else if (inCycle.has(id)) blocked.set(id, 'restore.dependency_cycle');
    else if (!row.depends_on.every(willBeThere)) blocked.set(id, 'restore.dependency_blocked');
  }
  return blocked;
}

async function block(
  tx: SliceTx,
  id: RestoreId,
  blocked: ReadonlyMap<string, ErrorCode>,
): Promise<void> {
  if (blocked.size === 0) return;
  await sql`
    update restore_items i set action = 'blocked', code = b.code, steps = null, steps_hash = null
    from unnest(${[...blocked.keys()]}::uuid[], ${[...blocked.values()]}::text[])
      as b (version_id, code)
    where i.tenant_id = ${tx.tenantId} and i.restore_id = ${id}
      and i.version_id = b.version_id`.execute(tx.db);
}

async function writeOrder(tx: SliceTx, id: RestoreId, ids: readonly string[]): Promise<void> {
  await sql`
    update restore_items i set position = o.n
    from unnest(${ids}::uuid[]) with ordinality as o (version_id, n)
    where i.tenant_id = ${tx.tenantId} and i.restore_id = ${id}
      and i.version_id = o.version_id`.execute(tx.db);
}
