import type { RestoreId } from '../../kernel/ids.ts';
import type { RunContext } from '../../runs/run-type.ts';

/** A slice of a run that writes one restore: `restore.execute`, `restore.resolve`. */
export type WritingContext = RunContext<{ readonly restoreId: RestoreId }, 'write'>;

/** Failures that may pass are tried this often, writes and reads alike. */
export const WRITE_ATTEMPTS_MAX = 5;
