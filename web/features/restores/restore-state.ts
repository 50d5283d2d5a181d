import type { Restore } from '../../../src/api/restores.ts';
import type { Tone } from '../../shared/words/state-badge.tsx';

const ENDINGS = {
  succeeded: { tone: 'good', words: 'Restored' },
  partial: { tone: 'warn', words: 'Completed with errors' },
  failed: { tone: 'bad', words: 'Failed' },
  cancelled: { tone: 'quiet', words: 'Cancelled' },
  blocked: { tone: 'bad', words: 'Not started' },
} as const satisfies Record<NonNullable<Restore['outcome']>, { tone: Tone; words: string }>;

/** Where a restore is, for people. */
export function restoreState({ state, outcome }: Pick<Restore, 'state' | 'outcome'>): {
  readonly tone: Tone;
  readonly words: string;
} {
  switch (state) {
    case 'draft':
      return { tone: 'quiet', words: 'Draft' };
    case 'planned':
      return { tone: 'live', words: 'Previewed' };
    case 'executing':
      return { tone: 'live', words: 'Being carried out' };
    case 'ended':
      return outcome === null ? { tone: 'quiet', words: 'Ended' } : ENDINGS[outcome];
  }
}
