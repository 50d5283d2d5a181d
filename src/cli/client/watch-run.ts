import { setTimeout as pause } from 'node:timers/promises';
import { type RunDetail, runDetailSchema } from '../../api/runs.ts';
import { SECOND } from '../../kernel/durations.ts';
import { AppError } from '../../kernel/errors.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { Progress, ProgressState } from '../progress.ts';
import type { ApiClient } from './api-client.ts';

export interface Watched {
  readonly tenantId: TenantId;
  readonly runId: string;
  /** How the run is called beside its bar. */
  readonly label: string;
}

const POLL_MS = 150;
/** A server that is restarted answers again soon; the run goes on meanwhile. */
const UNREACHABLE_MAX = Math.ceil((60 * SECOND) / POLL_MS);

/** Shows how a run gets on until it has ended, or until `stop`: the run itself goes on. */
export async function watchRun(
  api: ApiClient,
  watched: Watched,
  progress: Progress | null,
  stop: AbortSignal,
): Promise<RunDetail> {
  const path = `/api/tenants/${watched.tenantId}/runs/${watched.runId}`;
  let unreachable = 0;
  let run: RunDetail | null = null;
  while (true) {
    try {
      run = await api.get(path, runDetailSchema);
      unreachable = 0;
      progress?.show(watched.label, stateOf(run));
      if (run.phase === 'ended' || stop.aborted) return run;
    } catch (error) {
      unreachable += 1;
      const isAway = error instanceof AppError && error.code === 'server.unreachable';
      if (!isAway || run === null || unreachable > UNREACHABLE_MAX || stop.aborted) throw error;
    }
    await pause(POLL_MS);
  }
}

/** What is left to do is what no outcome counts. */
export function stateOf(run: RunDetail): ProgressState {
  const { counts } = run;
  const done = counts.succeeded + counts.skipped + counts.failed + counts.unknown;
  return {
    done,
    total: counts.total,
    isTotalKnown: run.plannedAt !== null || run.phase === 'ended',
    note: noteOf(run),
    isEnded: run.phase === 'ended',
  };
}

const OUTCOME_WORDS = {
  succeeded: 'done',
  partial: 'completed with errors',
  failed: 'failed',
  cancelled: 'cancelled',
  blocked: 'not started',
} as const;

/** How a run ended, in the words for people. */
export function outcomeWords(run: Pick<RunDetail, 'outcome' | 'reason'>): string {
  const word = run.outcome === null ? 'not ended' : OUTCOME_WORDS[run.outcome];
  return run.reason === null ? word : `${word}: ${run.reason.message}`;
}

function noteOf(run: RunDetail): string {
  const { counts, graph } = run;
  const bad = counts.failed + counts.unknown;
  const parts = [
    ...(run.phase === 'ended' ? [outcomeWords(run)] : []),
    ...(run.phase === 'queued' ? [run.reason === null ? 'waiting' : 'waiting for Microsoft'] : []),
    ...(bad > 0 ? [`${bad} failed`] : []),
    `${graph.calls} Graph calls`,
  ];
  return parts.join(', ');
}
