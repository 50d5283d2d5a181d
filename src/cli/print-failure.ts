import { ConfigError } from '../app/config.ts';
import { AppError, ERRORS, type ErrorCode, type SafeDetails } from '../kernel/errors.ts';
import { UsageError } from './command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Output } from './output.ts';
import { printable } from './output.ts';

/** Says a failure in the words of its code: the sentence, what can be done next; never a stack. */
export function printFailure(output: Output, error: unknown): void {
  if (error instanceof UsageError || error instanceof ConfigError) {
    output.note(`error: ${printable(error.message)}`);
    return;
  }
  const code = error instanceof AppError ? error.code : 'internal';
  const details = error instanceof AppError ? error.details : {};
  for (const line of failureLines(code, details)) output.note(line);
}

/** Whether a failure was foreseen: its words say all there is to say. */
export function hasWords(error: unknown): boolean {
  return [UsageError, ConfigError, AppError].some((kind) => error instanceof kind);
}

/** The words for a code, as both a failed command and a failed item are told. */
export function failureLines(code: ErrorCode, details: SafeDetails): string[] {
  const { message, next } = ERRORS[code];
  const about = Object.entries(details).map(([name, value]) => `${name}: ${String(value)}`);
  return [
    `error: ${message}`,
    ...(about.length > 0 ? [`  ${printable(about.join(', '))}`] : []),
    `  ${next}  (${code})`,
  ];
}

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError || error instanceof ConfigError) return EXIT.usage;
  const isField = error instanceof AppError && error.code === 'request.invalid';
  return isField ? EXIT.usage : EXIT.notStarted;
}
