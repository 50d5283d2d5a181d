import type { Tone } from './state-badge.tsx';

/** Whether a backup holds all that it should. */
export const BACKUP_STATES = {
  building: { tone: 'live', words: 'Being made' },
  complete: { tone: 'good', words: 'Complete' },
  incomplete: { tone: 'warn', words: 'Incomplete' },
} as const satisfies Record<string, { tone: Tone; words: string }>;
