import { type JsonValue, parseJsonExactly } from '../../kernel/canonical-json.ts';
import { AppError } from '../../kernel/errors.ts';
import { isSuccess, UNSAFE_NUMBER } from './exchange.ts';

/**
 * The JSON of an answer. An unreadable error page is no reason to hide its status; an unreadable
 * success is a failure.
 * @throws AppError `graph.answer_unreadable`, `graph.number_unsafe`.
 */
export function parseAnswer(
  status: number,
  text: string,
  unsafeNumbers: 'refuse' | 'mark',
): JsonValue | undefined {
  if (!isSuccess(status)) return parseLeniently(text);
  if (text === '') return undefined;
  try {
    if (!mayHoldUnsafeNumber(text)) return parseJson(text);
    return unsafeNumbers === 'mark' ? parseMarking(text) : parseJsonExactly(text);
  } catch (error) {
    if (error instanceof AppError) throw error;
    // A SyntaxError quotes the text it met: it must not travel further, not even as a cause.
    throw new AppError('graph.answer_unreadable', { reason: 'json' });
  }
}

/**
 * The exact parser calls back for every value (about six times slower), so it is used only when
 * the text holds a run of 16 digits or a large exponent: no smaller integer can be unsafe.
 */
function mayHoldUnsafeNumber(text: string): boolean {
  return /\d{16}|\d[eE]\+?\d{2}/.test(text);
}

function parseJson(text: string): JsonValue {
  const parsed: JsonValue = JSON.parse(text);
  return parsed;
}

function parseMarking(text: string): JsonValue {
  const parsed: JsonValue = JSON.parse(
    text,
    (_key, value: JsonValue, context?: { source?: string }) => {
      if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
      const isWhole = /^-?\d+$/.test(context?.source ?? '') || !Number.isFinite(value);
      return isWhole ? UNSAFE_NUMBER : value;
    },
  );
  return parsed;
}

function parseLeniently(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
