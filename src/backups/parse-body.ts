import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/canonical-json.ts';
import { AppError } from '../kernel/errors.ts';

/**
 * A stored body whose hash was proved: its text was exact when it was made.
 * @throws AppError snapshot.damaged when it is no object, which none of ours is
 */
export function parseBody(text: string | undefined): JsonObject {
  const parsed: JsonValue = text === undefined ? null : JSON.parse(text);
  if (!isJsonObject(parsed)) throw new AppError('snapshot.damaged', { reason: 'not_an_object' });
  return parsed;
}
