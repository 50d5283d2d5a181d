import { isObject, type JsonObject } from '../values/json.ts';
import { CONDITIONAL_ACCESS_BASE, type Kind, type Refusal } from './kind.ts';

/** Conditional Access policies: the list is complete; messages start with a number. */
export const conditionalAccessPolicies: Kind = {
  ...CONDITIONAL_ACCESS_BASE,
  name: 'conditionalAccessPolicies',
  path: 'identity/conditionalAccess/policies',
  entity: 'conditionalAccessPolicy',
  expanded: [{ at: ['grantControls', 'authenticationStrength'], by: 'id' }],
  defaults: { templateId: null, grantControls: null, sessionControls: null },
  refuseCreate: (body) => refuseReadOnly(body) ?? refuseIncomplete(body) ?? refuseStrength(body),
  refusePatch: (body) => refuseReadOnly(body) ?? refuseStrength(body),
};

function refuseReadOnly(body: JsonObject): Refusal | undefined {
  if ('id' in body) return bad("1001: 'id' is a readonly field");
  // Even null is refused.
  if ('templateId' in body) return bad('1118: TemplateId is a read-only field');
  return undefined;
}

function refuseIncomplete(body: JsonObject): Refusal | undefined {
  const isComplete =
    typeof body['displayName'] === 'string' &&
    typeof body['state'] === 'string' &&
    isObject(body['conditions']);
  return isComplete ? undefined : bad(SCHEMA_MESSAGE);
}

/** Only the id of an authentication strength may be sent. */
function refuseStrength(body: JsonObject): Refusal | undefined {
  const controls = body['grantControls'];
  const strength = isObject(controls) ? controls['authenticationStrength'] : undefined;
  if (!isObject(strength)) return undefined;
  const hasMore = Object.keys(strength).some((key) => key !== 'id');
  return hasMore ? bad(SCHEMA_MESSAGE) : undefined;
}

const SCHEMA_MESSAGE =
  '1007: Incoming ConditionalAccessPolicy object is null or does not match the schema of ' +
  'ConditionalAccessPolicy type.';

function bad(message: string): Refusal {
  return { status: 400, code: 'BadRequest', message };
}
