import type { Db } from '../db/db.ts';
import type { GraphReader } from '../graph/port.ts';
import type { Clock } from '../kernel/clock.ts';
import { SECOND } from '../kernel/durations.ts';
import { AppError, ERRORS, type ErrorCode } from '../kernel/errors.ts';
import type { TenantId } from '../kernel/ids.ts';
import type { GraphAccess, RunType } from '../runs/run-type.ts';
import { Checkpoints } from './checkpoints.ts';
import type { ClaimedRun } from './claim-slice.ts';
import type { SliceEnding } from './end-slice.ts';
import type { QueueLog } from './log.ts';
import { planItems } from './plan-items.ts';
import { RETRY_PAUSE_MAX_MS, type WorkerSettings } from './settings.ts';
import { createSliceContext, type SliceContext } from './slice-context.ts';
import { isolateSuspects } from './suspects.ts';
import { unlessIgnored } from './unless-ignored.ts';
import { type Rest, workItems } from './work-items.ts';

/** What a slice needs of its process. */
export interface SliceDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: QueueLog;
  readonly settings: WorkerSettings;
  /** The port for this tenant, with no more rights than asked for. */
  openGraph(tenantId: TenantId, access: Exclude<GraphAccess, 'none'>): Promise<GraphReader>;
  /** See `RunContext.requireLease`. */
  requireLease(): void;
}

/** From outside: `stop` asks for an early end at item boundaries, `abort` breaks reads off. */
export interface SliceSignals {
  readonly stop: AbortSignal;
  readonly abort: AbortController;
}

/**
 * Works one slice of a run and says how it leaves it. Expected ends are values; what it throws is a
 * lost fence, or a database that is away.
 */
export async function workSlice(
  deps: SliceDeps,
  run: ClaimedRun,
  type: RunType,
  signals: SliceSignals,
): Promise<SliceEnding> {
  try {
    const { signal } = signals.abort;
    const graph =
      type.graph === 'none'
        ? undefined
        : await unlessIgnored(deps, signal, deps.openGraph(run.tenant_id, type.graph));
    const slice = createSliceContext(deps, run, type, graph, signals);
    return await workRun(deps, slice);
  } catch (error) {
    return endByError(deps, run, type, error);
  }
}

/** The main path: plan, work item after item, finish. */
async function workRun(deps: SliceDeps, slice: SliceContext): Promise<SliceEnding> {
  const checkpoints = new Checkpoints(deps, slice);
  const endsAtMs = deps.clock.monotonicMs() + deps.settings.sliceMs;
  const { signal } = slice.ctx;
  try {
    if (slice.run.takeovers > 0) {
      const rest = await isolateSuspects(deps, slice, checkpoints, endsAtMs);
      if (rest !== undefined) return toBeContinued(rest);
    }
    if (slice.run.planned_at === null) await unlessIgnored(deps, signal, planItems(slice));
    checkpoints.markPlanEnded();
    const rest = await workItems(deps, slice, checkpoints, endsAtMs);
    await checkpoints.flush();
    if (rest.kind === 'later') return toBeContinued(rest);
    const finishing = slice.type.perform.finish?.(slice.ctx);
    if (finishing !== undefined) await unlessIgnored(deps, signal, finishing);
    await checkpoints.flush();
    return { phase: 'ended', outcome: 'by_items' };
  } catch (error) {
    // What is done is kept, whatever ended the slice; a lost fence refuses it by itself.
    await checkpoints.flush().catch(() => {});
    throw error;
  }
}

function toBeContinued(rest: Extract<Rest, { kind: 'later' }>): SliceEnding {
  return { phase: 'queued', runAt: rest.at, code: rest.code, attempts: 0 };
}

/** How a run goes on after what its slice threw. @throws what only another slice can go on from */
export function endByError(
  deps: SliceDeps,
  run: ClaimedRun,
  type: RunType,
  error: unknown,
): SliceEnding {
  const code: ErrorCode = error instanceof AppError ? error.code : 'internal';
  switch (code) {
    case 'run.fence_lost':
    case 'database.unreachable':
      throw error;
    case 'run.interrupted':
      return { phase: 'queued', runAt: null, code: null, attempts: run.attempts };
    case 'run.cancelled':
      return { phase: 'ended', outcome: 'cancelled' };
    case 'run.rights_missing':
      return { phase: 'ended', outcome: 'cancelled', code };
    case 'graph.throttled':
      return { phase: 'queued', runAt: retryAt(deps, error, 0), code, attempts: run.attempts };
    default: {
      deps.log.failed('slice failed', { runId: run.id, runType: run.type, code }, error);
      const attempts = run.attempts + 1;
      if (ERRORS[code].retry !== 'later' || attempts >= type.attemptsMax) {
        return { phase: 'ended', outcome: 'failed', code };
      }
      return { phase: 'queued', runAt: retryAt(deps, error, attempts), code, attempts };
    }
  }
}

/** When to try again: as Graph says, else after a pause that doubles. */
export function retryAt(deps: SliceDeps, error: unknown, attempts: number): Date {
  const told = error instanceof AppError ? error.details['retryAfterSeconds'] : undefined;
  const pauseMs = deps.settings.retryPauseMs * 2 ** (attempts - 1);
  const waitMs = typeof told === 'number' ? told * SECOND : Math.min(pauseMs, RETRY_PAUSE_MAX_MS);
  return new Date(deps.clock.now().getTime() + waitMs);
}
