import type { Reason } from '../api/reason.ts';
import { ERRORS, isErrorCode } from '../kernel/errors.ts';

/** The words for a stored code. A code that this version does not know is shown as it is. */
export function reasonOf(code: string | null): Reason | null {
  if (code === null) return null;
  const { message, next } = ERRORS[isErrorCode(code) ? code : 'internal'];
  return { code, message, next };
}
