import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/canonical-json.ts';
import type { PartAction } from '../contracts/writing-rules.ts';

/** The part's elements as they are sent; undefined when the body does not speak of the part. */
export function elementsOf(action: PartAction, body: JsonObject): readonly JsonValue[] | undefined {
  const elements = body[action.part];
  if (!Array.isArray(elements)) return undefined;
  const { elementKeeps } = action;
  if (elementKeeps === undefined) return elements;
  return elements
    .filter(isJsonObject)
    .filter(isDirect)
    .map((element) =>
      Object.fromEntries(Object.entries(element).filter(([key]) => elementKeeps.includes(key))),
    );
}

/** What a policy set assigned comes and goes with that set (graph-facts 2: drop it). */
function isDirect(assignment: JsonObject): boolean {
  const source = assignment['source'];
  return source === undefined || source === null || source === 'direct';
}
