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
  { pattern: /No space left on device|Disk quota exceeded/, code: 'embedded.disk_full' },
  {
    pattern: /could not bind .*(Address already in use|Permission denied)/,
    code: 'embedded.port_taken',
  },
  {
    pattern:
      /incompatible with server|wrong ownership|invalid permissions|Permission denied|Read-only file system|could not locate a valid checkpoint|is not a valid data directory|could not look up effective user ID/,
    code: 'embedded.data_unusable',
  },
] as const;

/** Reads the reason out of the server's own words. */
export function serverFailure(output: string, details: SafeDetails): AppError {
  const found = MEANINGS.find(({ pattern }) => pattern.test(output));
  return new AppError(found?.code ?? 'embedded.start_failed', details, new Error(output));
}
