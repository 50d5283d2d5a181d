import { sql } from 'kysely';
import { recordAudit, SYSTEM_ACTOR } from '../audit/record-audit.ts';
import type { Db } from '../db/db.ts';
import { AHEAD } from '../db/eager-pool.ts';
import type { Outcome } from '../db/tables/runs.ts';
import { inTenant, type TenantTx } from '../db/tenant-tx.ts';
import { AppError, type ErrorCode } from '../kernel/errors.ts';
import type { WorkerId } from '../kernel/ids.ts';
import { notifyRunEnded } from '../notifications/read-notifications.ts';
import type { PHASES } from '../runs/phases.ts';
import type { RunTypes } from '../runs/run-types.ts';
import { admitRun, type Claim, type ClaimedRun } from './claim-slice.ts';

/** How a slice leaves its run. */
export type SliceEnding =
  | { readonly phase: 'ended'; readonly outcome: Outcome | 'by_items'; readonly code?: ErrorCode }
  | {
      readonly phase: 'queued';
      /** null: now, behind the runs that are due already */
      readonly runAt: Date | null;
      /** what it waits for */
      readonly code: ErrorCode | null;
      readonly attempts: number;
    };

interface Next {
  /** Claim the lane's next due run at once. */
  readonly goOn: boolean;
  readonly workerId: WorkerId;
  /** The run type's own hook threw, whatever the outcome: the run ends without it. */
  readonly withoutHook?: boolean;
}

/**
 * The last transaction of a slice: ends or requeues the run, tells whoever asked, audits, and hands
 * the lane on. With `goOn` the same worker gets the lane's next due run at once.
 * @throws AppError run.fence_lost when another worker holds the run
 */
export function endSlice(
  db: Db,
  runTypes: RunTypes,
  run: ClaimedRun,
  ending: SliceEnding,
  next: Next,
): Promise<Extract<Claim, { status: 'claimed' }> | null> {
  return inTenant(db, run.tenant_id, async (tx) => {
    await sql`${AHEAD} select leave_slice(${sql.lit(run.id)}, ${sql.lit(run.fence)})`.execute(
      tx.db,
    );
    if (ending.phase === 'ended') return endRun(tx, runTypes, run, ending, next);
    const row = await moveRun(tx, run, { ...ending, outcome: null }, next);
    return row === null ? null : admitRun(tx, runTypes, row);
  });
}

async function endRun(
  tx: TenantTx,
  runTypes: RunTypes,
  run: ClaimedRun,
  ending: Extract<SliceEnding, { phase: 'ended' }>,
  next: Next,
) {
  const outcome = ending.outcome === 'by_items' ? await outcomeByItems(tx, run) : ending.outcome;
  const code = ending.code ?? (outcome === 'failed' ? 'run.nothing_succeeded' : null);
  const hasBegun = outcome !== 'blocked';
  if (hasBegun && next.withoutHook !== true) {
    await runTypes.get(run.type)?.perform.ended?.({ ...tx, runId: run.id }, outcome);
  }
  await recordAudit(tx, SYSTEM_ACTOR, {
    action: 'run.ended',
    subject: { kind: 'run', id: run.id },
    details: { type: run.type, outcome, ...(code === null ? {} : { code }) },
  });
  const move = { phase: 'ended' as const, outcome, code, runAt: null, attempts: run.attempts };
  const row = await moveRun(tx, run, move, next);
  // Only now, under the run's row lock: whoever joined before is told, whoever comes later waits
  // for this transaction and starts a new run.
  await notifyRunEnded(tx, run.id);
  return row === null ? null : admitRun(tx, runTypes, row);
}

/** No failed or unknown item: succeeded. Some: partial. Nothing else: failed. */
async function outcomeByItems(tx: TenantTx, run: ClaimedRun): Promise<Outcome> {
  const counts = await tx.db
    .selectFrom('runs')
    .select(['items_succeeded', 'items_skipped', 'items_failed', 'items_unknown'])
    .where('tenant_id', '=', run.tenant_id)
    .where('id', '=', run.id)
    .executeTakeFirstOrThrow();
  const bad = counts.items_failed + counts.items_unknown;
  if (bad === 0) return 'succeeded';
  return counts.items_succeeded + counts.items_skipped > 0 ? 'partial' : 'failed';
}

interface Move {
  /** What the table of phases allows, so that another move does not compile. */
  readonly phase: (typeof PHASES)['running']['next'][number];
  readonly outcome: Outcome | null;
  readonly code: ErrorCode | null;
  readonly runAt: Date | null;
  readonly attempts: number;
}

/** The one way out of `running`, guarded by fence and phase; answers the lane's next run. */
async function moveRun(tx: TenantTx, run: ClaimedRun, move: Move, next: Next): Promise<unknown> {
  const { rows } = await sql<{ next_run: unknown }>`
    select * from end_slice(${run.id}, ${run.fence}, ${move.phase}, ${move.outcome}, ${move.code},
      ${move.runAt}, ${move.attempts}, ${next.goOn}, ${next.workerId})`.execute(tx.db);
  const row = rows[0];
  if (row === undefined) throw new AppError('run.fence_lost', { runId: run.id });
  return row.next_run;
}
