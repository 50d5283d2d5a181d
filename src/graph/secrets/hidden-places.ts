import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/canonical-json.ts';
import { joinPath } from '../body-paths.ts';
import { rulesOf } from '../canonical-rules.ts';
import { holds } from '../condition.ts';
import type { SecretRule } from '../contracts/define-contract.ts';
import { contractOf, type PolicyType } from '../contracts/list.ts';

/** An object in which Graph hides a value. */
export interface HiddenPlace {
  /** Where it is, with the places in lists: `omaSettings[2]`; empty for the policy itself. */
  readonly place: string;
  readonly object: JsonObject;
  readonly rule: SecretRule;
}

/**
 * Where Graph hid a value from a stored body. Until a person enters these values, an update that
 * sends their objects would wipe the live ones, and a create would lack them. Works on the body of
 * a step, too: it then tells which of them that request carries.
 */
export function findHiddenPlaces(type: PolicyType, body: JsonObject): readonly HiddenPlace[] {
  const found: HiddenPlace[] = [];
  mapHiddenPlaces(type, body, (hidden) => {
    found.push(hidden);
    return hidden.object;
  });
  return found;
}

/** The body with the objects that hide a value replaced. */
export function mapHiddenPlaces(
  type: PolicyType,
  body: JsonObject,
  replace: (hidden: HiddenPlace) => JsonObject,
): JsonObject {
  const rules = rulesOf(contractOf(type));
  const map = (value: JsonValue, path: string, place: string): JsonValue => {
    if (Array.isArray(value)) {
      return value.map((element, index) => map(element, `${path}[]`, `${place}[${index}]`));
    }
    return isJsonObject(value) ? mapObject(value, path, place) : value;
  };
  const mapObject = (object: JsonObject, path: string, place: string): JsonObject => {
    const entries = Object.entries(object).map(([key, inner]): [string, JsonValue] => [
      key,
      map(inner, joinPath(path, key), joinPath(place, key)),
    ]);
    const mapped: JsonObject = Object.fromEntries(entries);
    const rule = rules.hiddenBy(object, path);
    return rule === undefined ? mapped : replace({ place, object: mapped, rule });
  };
  return mapObject(body, '', '');
}

/**
 * The body without what stands for hidden values: for a secret of the settings catalog Graph gives
 * another token at each writing, so a policy that was written as saved differs there.
 */
export function withoutHiddenValues(type: PolicyType, body: JsonObject): JsonObject {
  return mapHiddenPlaces(type, body, ({ object, rule }) =>
    Object.fromEntries(Object.entries(object).filter(([key]) => key !== rule.entered.property)),
  );
}

/** An entered value in the form in which the object takes it. */
export function formToSend({ object, rule }: HiddenPlace, value: string): string {
  const { base64When } = rule.entered;
  const isBase64 = base64When !== undefined && holds(base64When, object);
  return isBase64 ? Buffer.from(value, 'utf8').toString('base64') : value;
}
