import { AppError, type ErrorCode } from '../kernel/errors.ts';

/** SQLSTATEs that mean something to us; TA… are raised by 0003_lane_tickets.sql. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  TA001: 'run.fence_lost',
  TA002: 'run.cancelled',
  TA003: 'run.rights_missing',
  '08000': 'database.unreachable',
  '08001': 'database.unreachable',
  '08003': 'database.unreachable',
  '08006': 'database.unreachable',
  '57P01': 'database.unreachable',
  '57P02': 'database.unreachable',
  '57P03': 'database.unreachable',
  '53300': 'database.unreachable',
  '25P03': 'database.unreachable',
  '28000': 'database.sign_in_refused',
  '28P01': 'database.sign_in_refused',
  '3D000': 'database.sign_in_refused',
  ECONNREFUSED: 'database.unreachable',
  ECONNRESET: 'database.unreachable',
  ENOENT: 'database.unreachable',
  ENOTFOUND: 'database.unreachable',
  EPIPE: 'database.unreachable',
  ETIMEDOUT: 'database.unreachable',
};

/** Database errors we know become our codes; all others stay what they are, for the log. */
export function translateDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const sqlState = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const code = CODES[sqlState] ?? (isLostConnection(error) ? 'database.unreachable' : undefined);
  return code === undefined ? error : new AppError(code, {}, error);
}

/** pg says these in words only. */
function isLostConnection(error: Error): boolean {
  return /Connection terminated|timeout exceeded when trying to connect|not queryable/.test(
    error.message,
  );
}
