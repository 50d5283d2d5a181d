/** What a caller may do about it: never, after a wait, or once something changed. */
export type Retry = 'never' | 'later' | 'after_change';

export interface ErrorFacts {
  readonly status: number;
  readonly retry: Retry;
  /** Plain and safe to show to anyone. */
  readonly message: string;
  /** What the reader can do next. */
  readonly next: string;
}
