import { z } from 'zod';
import type { WriteStep } from '../../graph/writing/write-step.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/canonical-json.ts';

const stepsSchema = z.array(
  z.strictObject({
    name: z.enum([
      'create',
      'replace',
      'update',
      'assign',
      'schedule_actions',
      'create_group',
      'delete',
    ]),
    method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
    path: z.string(),
    body: z.custom<JsonObject>(
      (value) => z.record(z.string(), z.unknown()).safeParse(value).success,
    ),
    isCreate: z.boolean(),
  }),
);

/** The requests of an item as its preview stored them; the database holds them to their hash. */
export function readSteps(stored: Buffer | null): readonly WriteStep[] {
  if (stored === null) return [];
  return stepsSchema.parse(JSON.parse(stored.toString('utf8')));
}

/**
 * A step with the ids of what this restore has made by now in the place of what stands for them.
 * Undefined when one of them was not made.
 */
export function fillStep(
  step: WriteStep,
  idOf: (pending: string) => string | null | undefined,
): WriteStep | undefined {
  let isWhole = true;
  const fill = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map(fill);
    if (isJsonObject(value)) return fillObject(value);
    if (typeof value !== 'string') return value;
    const id = idOf(value);
    if (id === null) isWhole = false;
    return id ?? value;
  };
  const fillObject = (object: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(object).map(([key, value]) => [key, fill(value)]));
  const body = fillObject(step.body);
  return isWhole ? { ...step, body } : undefined;
}
