import type { JsonObject } from '../values/json.ts';
import { CONDITIONAL_ACCESS_BASE, type Kind, type Refusal } from './kind.ts';
import { refuseUntyped } from './refuse.ts';

/** Named locations of three derived types. */
export const namedLocations: Kind = {
  ...CONDITIONAL_ACCESS_BASE,
  name: 'namedLocations',
  path: 'identity/conditionalAccess/namedLocations',
  entity: 'namedLocation',
  refuseCreate: refuseUntyped,
  refusePatch: refuseUntyped,
  refuseRemove,
};

/** A trusted location must be made untrusted before it can be deleted. */
function refuseRemove(stored: JsonObject): Refusal | undefined {
  if (stored['isTrusted'] !== true) return undefined;
  return {
    status: 400,
    code: 'BadRequest',
    message: '1102: A trusted named location cannot be deleted.',
  };
}
