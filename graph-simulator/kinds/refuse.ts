import { type JsonObject, textOf } from '../values/json.ts';
import type { Refusal } from './kind.ts';

/** Refuses a body that lacks a required property. */
export function refuseMissing(body: JsonObject, keys: readonly string[]): Refusal | undefined {
  const missing = keys.find((key) => body[key] === undefined || body[key] === null);
  if (missing === undefined) return undefined;
  return {
    status: 400,
    code: 'ModelValidationFailure',
    message: `The ${missing} field is required.`,
  };
}

/** Refuses a body without @odata.type, where the collection holds an abstract type. */
export function refuseUntyped(body: JsonObject): Refusal | undefined {
  if (textOf(body['@odata.type'])?.startsWith('#microsoft.graph.')) return undefined;
  return { status: 400, code: 'BadRequest', message: 'Cannot create an abstract class.' };
}
