import { ACCESS_ERRORS } from './errors/access-errors.ts';
import { COMPARISON_ERRORS } from './errors/comparison-errors.ts';
import { DATA_ERRORS } from './errors/data-errors.ts';
import type { ErrorFacts } from './errors/error-facts.ts';
import { GRAPH_ERRORS } from './errors/graph-errors.ts';
import { GROUP_ERRORS } from './errors/group-errors.ts';
import { INSTALLATION_ERRORS } from './errors/installation-errors.ts';
import { RESTORE_ERRORS } from './errors/restore-errors.ts';
import { RESTORE_WRITE_ERRORS } from './errors/restore-write-errors.ts';
import { RUN_ERRORS } from './errors/run-errors.ts';
import { WRITE_RIGHTS_ERRORS } from './errors/write-rights-errors.ts';

/** Every way something can go wrong that a person may meet: one class, one table. */

/** The one table; a code is a promise to clients, runbooks and tests. */
export const ERRORS = {
  ...ACCESS_ERRORS,
  ...RUN_ERRORS,
  ...GRAPH_ERRORS,
  ...DATA_ERRORS,
  ...RESTORE_ERRORS,
  ...RESTORE_WRITE_ERRORS,
  ...COMPARISON_ERRORS,
  ...GROUP_ERRORS,
  ...INSTALLATION_ERRORS,
  ...WRITE_RIGHTS_ERRORS,
} as const satisfies Record<string, ErrorFacts>;

export type ErrorCode = keyof typeof ERRORS;

/** Ids, counts and codes only: never a token, a policy body or another system's text. */
export type SafeDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: SafeDetails;
  constructor(code: ErrorCode, details: SafeDetails = {}, cause?: unknown) {
    super(ERRORS[code].message, { cause });
    this.code = code;
    this.details = details;
  }
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
