import { sql } from 'kysely';
import { AppError } from '../kernel/errors.ts';
import type { SliceTx } from '../runs/run-type.ts';
import type { Checkpoints } from './checkpoints.ts';
import { CHECKPOINT_ITEMS, CRASHES_MAX, TAKEOVERS_BEFORE_SUSPICION } from './settings.ts';
import type { SliceContext } from './slice-context.ts';
import type { Rest } from './work-items.ts';
import { type PendingItem, workOneItem } from './work-one-item.ts';
import type { SliceDeps } from './work-slice.ts';

type Later = Extract<Rest, { kind: 'later' }>;

/**
 * Workers died while they held this run, perhaps because of one of its items. Whatever may have
 * been in work then is worked alone, and each crash is counted before it can happen; the third
 * fails the item, and the rest goes on. One death is nobody's fault (a restart, memory): only from
 * the second takeover on does a run pay for this (decision 5).
 * @returns why the slice is over before all of them were tried; undefined when none is left
 */
export async function isolateSuspects(
  deps: SliceDeps,
  slice: SliceContext,
  checkpoints: Checkpoints,
  endsAtMs: number,
): Promise<Later | undefined> {
  if (slice.run.takeovers > slice.run.takeovers_seen) {
    const inWorkMax = slice.type.concurrency + CHECKPOINT_ITEMS;
    const suspectsMax = slice.run.takeovers < TAKEOVERS_BEFORE_SUSPICION ? 0 : inWorkMax;
    await slice.inFence((tx) =>
      sql`select mark_suspects(${tx.runId}, ${suspectsMax})`.execute(tx.db),
    );
  }
  return workSuspects(deps, slice, checkpoints, endsAtMs);
}

/** Works what is marked, one at a time, until none is left. Bounded by the number of marks. */
async function workSuspects(
  deps: SliceDeps,
  slice: SliceContext,
  checkpoints: Checkpoints,
  endsAtMs: number,
): Promise<Later | undefined> {
  while (deps.clock.monotonicMs() < endsAtMs) {
    slice.ctx.signal.throwIfAborted();
    if (slice.signals.stop.aborted) throw new AppError('run.interrupted');
    const item = await slice.inFence(countCrashOfNext);
    if (item === undefined) return undefined;
    const end =
      item.crashes > CRASHES_MAX
        ? ({ kind: 'done', result: crashed(deps, item) } as const)
        : await workOneItem(deps, slice, item);
    if (end.kind === 'slice_over') {
      await uncountCrash(slice, item);
      throw end.error;
    }
    checkpoints.add(end.result);
    await checkpoints.flush();
    // As Graph said; the next slice tries it, and the suspects that are left.
    if (end.kind === 'later') return { kind: 'later', at: end.at, code: end.code };
  }
  return { kind: 'later', at: null, code: null };
}

/** Takes the next suspect and counts the crash it may cause: committed before it is tried. */
async function countCrashOfNext(tx: SliceTx): Promise<PendingItem | undefined> {
  const { rows } = await sql<PendingItem>`
    update run_items set crashes = crashes + 1
    where tenant_id = ${tx.tenantId} and run_id = ${tx.runId} and seq = (
      select seq from run_items where tenant_id = ${tx.tenantId} and run_id = ${tx.runId}
        and outcome = 'pending' and is_suspect order by seq limit 1)
    returning seq, subject_kind as kind, subject_id as id, label, attempts, crashes`.execute(tx.db);
  return rows[0];
}

/** The slice ends in order, so this was no crash; when it cannot be said, it counts as one. */
async function uncountCrash(slice: SliceContext, item: PendingItem): Promise<void> {
  await slice
    .inFence((tx) =>
      sql`update run_items set crashes = crashes - 1 where tenant_id = ${tx.tenantId}
        and run_id = ${tx.runId} and seq = ${item.seq} and crashes > 0`.execute(tx.db),
    )
    .catch(() => {});
}

function crashed(deps: SliceDeps, item: PendingItem) {
  const now = deps.clock.now();
  return {
    seq: item.seq,
    outcome: 'failed' as const,
    code: 'item.crashed' as const,
    details: { crashes: item.crashes - 1 },
    attempts: item.attempts,
    startedAt: now,
    endedAt: now,
  };
}
