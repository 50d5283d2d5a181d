import type { Run } from '../../../src/api/runs.ts';
import type { Tone } from './state-badge.tsx';

const OUTCOMES = {
  succeeded: { tone: 'good', words: 'Completed' },
  partial: { tone: 'warn', words: 'Completed with errors' },
  failed: { tone: 'bad', words: 'Failed' },
  cancelled: { tone: 'quiet', words: 'Cancelled' },
  blocked: { tone: 'bad', words: 'Not started' },
} as const satisfies Record<NonNullable<Run['outcome']>, { tone: Tone; words: string }>;

/** Phase and outcome of a run as people are told. */
export function runState(run: Pick<Run, 'phase' | 'outcome' | 'cancelRequestedAt'>): {
  readonly tone: Tone;
  readonly words: string;
} {
  if (run.outcome !== null) return OUTCOMES[run.outcome];
  if (run.cancelRequestedAt !== null) return { tone: 'live', words: 'Stopping' };
  if (run.phase === 'queued') return { tone: 'quiet', words: 'Queued' };
  return { tone: 'live', words: 'Running' };
}
