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

/**
 * RFC 8785 text: sorted keys, shortest numbers; the same value always gives the same bytes. In one
 * thing beyond the standard, which refuses it: half a surrogate pair, which a name cut at a length
 * ends with, is written as its escape, so that nothing is lost and parsing gives it back.
 */
export function canonicalText(value: JsonValue): string {
  try {
    return written(value);
  } catch {
    return writeByPart(value); // refuses the same, but for half characters
  }
}

function written(value: JsonValue): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value has no JSON form');
  return text;
}

function writeByPart(value: JsonValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (isJsonObject(value)) {
    const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    const parts = members.map(([key, inner]) => `${JSON.stringify(key)}:${writeByPart(inner)}`);
    return `{${parts.join(',')}}`;
  }
  if (typeof value !== 'object' || value === null) return written(value);
  return `[${value.map(writeByPart).join(',')}]`;
}

export function sha256Hex(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
