import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { AppError } from './errors.ts';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * Parses JSON and refuses what a double cannot hold: integers beyond 2^53 would be kept changed.
 * @throws AppError `graph.number_unsafe`; SyntaxError for text that is not JSON.
 */
export function parseJsonExactly(text: string): JsonValue {
  const parsed: JsonValue = JSON.parse(text, refuseUnsafeInteger);
  return parsed;
}

function refuseUnsafeInteger(key: string, value: JsonValue): JsonValue {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  // 1e20 counts as well: canonical text writes it as an integer.
  if (Number.isInteger(value) || !Number.isFinite(value)) {
    throw new AppError('graph.number_unsafe', { property: key.slice(0, 100) });
  }
  return value;
}

/** RFC 8785 text: sorted keys, shortest numbers; the same value always gives the same bytes. */
export function canonicalText(value: JsonValue): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value has no JSON form');
  return text;
}

export function sha256Hex(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
