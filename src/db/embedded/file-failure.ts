import { AppError, type SafeDetails } from '../../kernel/errors.ts';

/** The code of a system error (`ENOENT`), or the empty string for anything else. */
export function systemCode(error: unknown): string {
  const isCoded = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return isCoded ? String(error.code) : '';
}

/** Says a failed file operation in our words: a full disk, or a folder that cannot be used. */
export function fileFailure(error: unknown, folder: string): AppError {
  if (error instanceof AppError) return error;
  const systemError = systemCode(error);
  if (systemError === 'ENOSPC' || systemError === 'EDQUOT') {
    return new AppError('embedded.disk_full', { folder }, error);
  }
  return new AppError('embedded.data_unusable', { folder, systemError }, error);
}

/** What PostgreSQL and initdb print, and what it means; their text itself stays in the log file. */
const MEANINGS = [
  { says: 'No space left on device', code: 'embedded.disk_full' },
  { says: 'Disk quota exceeded', code: 'embedded.disk_full' },
  { says: 'could not bind', code: 'embedded.port_taken' },
  { says: 'incompatible with server', code: 'embedded.data_unusable' },
  { says: 'wrong ownership', code: 'embedded.data_unusable' },
  { says: 'invalid permissions', code: 'embedded.data_unusable' },
  { says: 'Permission denied', code: 'embedded.data_unusable' },
  { says: 'Read-only file system', code: 'embedded.data_unusable' },
  { says: 'could not locate a valid checkpoint', code: 'embedded.data_unusable' },
  { says: 'is not a valid data directory', code: 'embedded.data_unusable' },
  { says: 'could not look up effective user ID', code: 'embedded.data_unusable' },
] as const;

/** Reads the reason out of the server's own words. */
export function serverFailure(output: string, details: SafeDetails): AppError {
  const found = MEANINGS.find(({ says }) => output.includes(says));
  return new AppError(found?.code ?? 'embedded.start_failed', details, new Error(output));
}
