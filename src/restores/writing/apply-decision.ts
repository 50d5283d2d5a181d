import { sql } from 'kysely';
import type { RestoreDecision } from '../../db/tables/restore-items.ts';
import { planDelete } from '../../graph/writing/plan-steps.ts';
import type { ItemEnding, SliceTx, Waiting } from '../../runs/run-type.ts';
import { changeObject } from './change-object.ts';
import { endingOf, later, settle } from './end-item.ts';
import { type ItemToWrite, loadItem } from './item-to-write.ts';
import { addWrite, type ItemKey, markApplied, markFailed, markNotDone, reopen } from './ledger.ts';
import { writeItem } from './write-item.ts';
import type { WritingContext } from './writing-context.ts';

/**
 * Does with an unknown item what was decided: its open write is adopted, looked for again or made
 * anew, and the item goes on from there; or the object that was made for it is deleted.
 */
export async function applyDecision(
  ctx: WritingContext,
  key: ItemKey,
): Promise<ItemEnding | Waiting> {
  const opened = await ctx.inTenant((tx) => openItem(tx, key));
  // Carried out by a worker that died before its run knew.
  if (opened.decision === null)
    return endingOf(opened.item.result ?? 'failed', opened.item.resultCode);
  if (opened.decision === 'delete_ours') return deleteOurs(ctx, opened.item, opened.graphId ?? '');
  return writeItem(ctx, key);
}

interface Opened {
  readonly item: ItemToWrite;
  readonly decision: RestoreDecision | null;
  readonly graphId: string | null;
}

/** Takes the result back, once, and moves the write that is unknown as decided. */
async function openItem(tx: SliceTx, key: ItemKey): Promise<Opened> {
  const { rows } = await sql<{ decision: RestoreDecision; graph_id: string | null }>`
    update restore_items set result = null, result_code = null, settled_at = null
    where tenant_id = ${tx.tenantId} and restore_id = ${key.restoreId}
      and version_id = ${key.versionId} and decision is not null
    returning decision, decision_graph_id as graph_id`.execute(tx.db);
  const item = await loadItem(tx, key);
  const [decided] = rows;
  if (decided === undefined) return { item, decision: null, graphId: null };
  const { decision, graph_id: graphId } = decided;
  const open = item.writes.find(({ state }) => state === 'unknown');
  if (open !== undefined) {
    const why = { code: 'restore.decision_needed', isFailure: false } as const;
    if (decision === 'look_again') await reopen(tx, open);
    if (decision === 'adopt') await markApplied(tx, open, graphId ?? '', true);
    if (decision === 'create_anew') await markNotDone(tx, open, 'decided', why);
    if (decision === 'delete_ours') {
      await markFailed(tx, open, 'restore.removed_by_decision');
      await addWrite(tx, item, item.writes.length, 'delete');
    }
  }
  return { item: open === undefined ? item : await loadItem(tx, key), decision, graphId };
}

async function deleteOurs(
  ctx: WritingContext,
  item: ItemToWrite,
  graphId: string,
): Promise<ItemEnding | Waiting> {
  const [step] = planDelete(item.type);
  const write = item.writes.at(-1);
  if (step === undefined || write === undefined) throw new Error('a deletion has its row');
  if (write.state !== 'applied') {
    const end = await changeObject(ctx, { ...item, isDeleteDecided: true }, write, step, graphId);
    if (end.kind === 'later') return later(ctx, end.afterMs, end.code);
    if (end.kind !== 'applied') {
      return settle(ctx, item, { result: 'failed', code: end.code, graphId });
    }
  }
  const code = 'restore.removed_by_decision';
  return settle(ctx, item, { result: 'removed', code, graphId });
}
