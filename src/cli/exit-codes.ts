/** What a command says to the shell. */
export const EXIT = {
  /** All well. */
  ok: 0,
  /** It was done, but some items failed. */
  someFailed: 1,
  /** Asked for in a way that cannot be understood. */
  usage: 2,
  /** Understood, but not started: no server, no right, something live in the way. */
  notStarted: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
