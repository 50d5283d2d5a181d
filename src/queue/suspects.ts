import { sql } from 'kysely';
import { AppError } from '../kernel/errors.ts';
import type { SliceTx } from '../runs/run-type.ts';
import type { Checkpoints } from './checkpoints.ts';
import { CHECKPOINT_ITEMS, CRASHES_MAX } from './settings.ts';
import type { SliceContext } from './slice-context.ts';
import { type PendingItem, workOneItem } from './work-one-item.ts';
import type { SliceDeps } from './work-slice.ts';

/**
 * A worker died while it held this run, perhaps because of one of its items. Whatever may have been
 * in work then is worked alone, and each crash is counted before it can happen; the third fails the
 * item, and the rest goes on. Only slices after a takeover pay for this.
 */
export async function isolateSuspects(
  deps: SliceDeps,
  slice: SliceContext,
  checkpoints: Checkpoints,
): Promise<void> {
  if (slice.run.takeovers > slice.run.takeovers_seen) {
    const inWorkMax = slice.type.concurrency + CHECKPOINT_ITEMS;
    await slice.inFence((tx) =>
      sql`select mark_suspects(${tx.runId}, ${inWorkMax})`.execute(tx.db),
    );
  }
  await workSuspects(deps, slice, checkpoints);
}

/** Works what is marked, one at a time, until none is left. Bounded by the number of marks. */
async function workSuspects(
  deps: SliceDeps,
  slice: SliceContext,
  checkpoints: Checkpoints,
): Promise<void> {
  for (;;) {
    slice.ctx.signal.throwIfAborted();
    if (slice.signals.stop.aborted) throw new AppError('run.interrupted');
    const item = await slice.inFence(countCrashOfNext);
    if (item === undefined) return;
    if (item.crashes > CRASHES_MAX) {
      checkpoints.add(crashed(deps, item));
    } else {
      const end = await workOneItem(deps, slice, item);
      if (end.kind === 'slice_over') throw end.error;
      checkpoints.add(end.result);
    }
    await checkpoints.flush();
  }
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
