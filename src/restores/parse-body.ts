import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/canonical-json.ts';
import { AppError } from '../kernel/errors.ts';

/** Canonical text of a stored body: it was exact when it was made. */
export function parseBody(text: string): JsonObject {
  const parsed: JsonValue = JSON.parse(text);
  if (!isJsonObject(parsed)) throw new AppError('snapshot.damaged', { reason: 'not_an_object' });
  return parsed;
}
