import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/canonical-json.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Secret } from '../../kernel/secret.ts';
import type { SealedValue } from '../port.ts';
import { findMarkers } from './place-markers.ts';

/** Opens a value that a person entered; the tenant's key is behind it. */
export type OpenEntered = (value: SealedValue) => Promise<Secret<string>>;

/**
 * The sealed values of the markers in a body.
 * @throws AppError graph.write_refused when one has none: a marker is never sent
 */
export function requireValues(
  body: JsonObject,
  given: readonly SealedValue[],
): readonly SealedValue[] {
  return findMarkers(body).map((marker) => {
    const value = given.find((each) => each.marker === marker);
    if (value === undefined) throw new AppError('graph.write_refused', { reason: 'no_value' });
    return value;
  });
}

/** The text of a body with the values in it: it is for the socket, and kept nowhere. */
export async function textWithValues(
  body: JsonObject,
  sealed: readonly SealedValue[],
  open: OpenEntered,
): Promise<string> {
  const values = new Map<string, string>();
  for (const each of sealed) values.set(each.marker, (await open(each)).reveal());
  const fill = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return values.get(value) ?? value;
    if (Array.isArray(value)) return value.map(fill);
    return isJsonObject(value) ? fillObject(value) : value;
  };
  const fillObject = (object: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(object).map(([key, value]) => [key, fill(value)]));
  return JSON.stringify(fillObject(body));
}
