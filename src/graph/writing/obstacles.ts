import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/canonical-json.ts';
import { joinPath, valueAt } from '../body-paths.ts';
import { rulesOf } from '../canonical-rules.ts';
import { contractOf, type PolicyType } from '../contracts/list.ts';
import { isSameJson } from './sendable-body.ts';

/**
 * Where Graph hid a value from the stored body, with the places in lists: `omaSettings[2]`. Until
 * a person enters these values, an update would wipe the live ones and a create would lack them.
 * Works on the body of a step, too: it then tells whether that request carries any of them.
 */
export function findMaskedSecrets(type: PolicyType, body: JsonObject): readonly string[] {
  const rules = rulesOf(contractOf(type));
  const found: string[] = [];
  const walk = (value: JsonValue, path: string, place: string) => {
    if (Array.isArray(value)) {
      for (const [index, element] of value.entries()) {
        walk(element, `${path}[]`, `${place}[${index}]`);
      }
    } else if (isJsonObject(value)) {
      if (rules.maskedPlaceholders(value, path) !== undefined) found.push(place);
      for (const [key, inner] of Object.entries(value)) {
        walk(inner, joinPath(path, key), joinPath(place, key));
      }
    }
  };
  walk(body, '', '');
  return found;
}

/** Where a live object was made otherwise than the saved one, for good: it cannot become it. */
export function findUpdateObstacles(
  type: PolicyType,
  live: JsonObject,
  saved: JsonObject,
): readonly string[] {
  return contractOf(type).writing.fixed.filter((path) => {
    // `@odata.type` is a name, not a path; no fixed property lies behind a name with a dot.
    const keys = path.startsWith('@') ? [path] : path.split('.');
    return !isSameJson(valueAt(live, keys) ?? null, valueAt(saved, keys) ?? null);
  });
}
