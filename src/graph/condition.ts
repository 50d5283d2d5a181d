import type { JsonObject } from '../kernel/canonical-json.ts';
import { textAt } from './body-paths.ts';
import type { Condition } from './contracts/define-contract.ts';

/** Whether the object is as the contract's condition says. */
export function holds(condition: Condition, object: JsonObject): boolean {
  if ('is' in condition) return object[condition.property] === condition.is;
  const text = textAt(object, condition.property) ?? '';
  return text.toLowerCase().includes(condition.contains.toLowerCase());
}
